package io.sekisho.mail.report;

import io.sekisho.mail.message.HeaderLimits;

/**
 * Bounds of a notice.
 *
 * @param recipients recipients that one notice tells of
 * @param returned octets of a message that is returned in full; of a larger one the header comes back
 * @param header of the header that is returned; what is beyond is left out
 * @param diagnostic characters of a remote server's reply; at most 900, so that it fits a line
 */
public record DsnLimits(int recipients, int returned, HeaderLimits header, int diagnostic) {
    /** The product's bounds. */
    public static final DsnLimits DEFAULT = new DsnLimits(1_000, 256 * 1024, new HeaderLimits(64 * 1024, 500), 900);

    private static final int LONGEST_DIAGNOSTIC = 900;

    /** Checks the bounds. @throws IllegalArgumentException when a diagnostic would not fit a line */
    public DsnLimits {
        if (diagnostic < 1 || diagnostic > LONGEST_DIAGNOSTIC) {
            throw new IllegalArgumentException("a diagnostic has 1 to " + LONGEST_DIAGNOSTIC + " characters");
        }
    }
}
