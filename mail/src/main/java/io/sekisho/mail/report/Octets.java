package io.sekisho.mail.report;

/**
 * What octets are like, which decides how they can be sent.
 *
 * @param eightBit whether any is above 127
 * @param lines whether they are lines of at most 998 octets ended by CR LF, without NUL: fit for 7bit and 8bit (RFC 2045 section 2)
 */
record Octets(boolean eightBit, boolean lines) {
    private static final int LONGEST_LINE = 998;

    static Octets of(byte[] octets) {
        boolean eightBit = false;
        boolean lines = true;
        int start = 0;
        for (int i = 0; i < octets.length; i++) {
            byte octet = octets[i];
            eightBit |= octet < 0;
            boolean lineEnd = octet == '\r' && i + 1 < octets.length && octets[i + 1] == '\n';
            if (lineEnd) {
                lines &= i - start <= LONGEST_LINE;
                i++;
                start = i + 1;
            } else {
                lines &= octet != 0 && octet != '\r' && octet != '\n';
            }
        }
        return new Octets(eightBit, lines && octets.length - start <= LONGEST_LINE);
    }
}
