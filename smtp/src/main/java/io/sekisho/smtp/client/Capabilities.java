package io.sekisho.smtp.client;

import java.util.List;
import java.util.Locale;

/**
 * What a server said that it can do (RFC 5321 section 4.1.1.1).
 *
 * @param pipelining commands may be sent without waiting for replies (RFC 2920)
 * @param size whether SIZE was offered, so that MAIL may declare the size (RFC 1870)
 * @param sizeLimit the largest content that the server takes, in octets; 0 when it named no limit
 * @param eightBitMime whether content with octets above 127 may be sent (RFC 6152)
 * @param startTls whether the session may go over to TLS (RFC 3207)
 */
record Capabilities(boolean pipelining, boolean size, long sizeLimit, boolean eightBitMime, boolean startTls) {
    /** After HELO: nothing beyond the base protocol. */
    static final Capabilities NONE = new Capabilities(false, false, 0, false, false);

    /** Reads the lines of the reply to EHLO, the first of which is the server's name. What is unknown is passed over. */
    static Capabilities of(List<String> lines) {
        boolean pipelining = false;
        boolean size = false;
        long sizeLimit = 0;
        boolean eightBitMime = false;
        boolean startTls = false;
        for (String line : lines.subList(1, lines.size())) {
            String keyword = line.strip().toUpperCase(Locale.ROOT);
            if (keyword.equals("PIPELINING")) {
                pipelining = true;
            } else if (keyword.equals("8BITMIME")) {
                eightBitMime = true;
            } else if (keyword.equals("STARTTLS")) {
                startTls = true;
            } else if (keyword.equals("SIZE") || keyword.startsWith("SIZE ")) {
                size = true;
                sizeLimit = limit(keyword.substring(4).strip());
            }
        }
        return new Capabilities(pipelining, size, sizeLimit, eightBitMime, startTls);
    }

    private static long limit(String digits) {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Long.parseLong(digits);
    }

    /** Whether the server has said that content of this many octets is too large for it. */
    boolean refusesSize(long octets) {
        return sizeLimit > 0 && octets > sizeLimit;
    }
}
