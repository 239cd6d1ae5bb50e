package io.sekisho.mail.message;

/**
 * Bounds of reading a header section.
 *
 * @param octets octets of the section that are read; what lies beyond is left unread
 * @param fields header fields that are read
 */
public record HeaderLimits(int octets, int fields) {
    /** The product's bounds. */
    public static final HeaderLimits DEFAULT = new HeaderLimits(512 * 1024, 2_000);

    /** Checks the bounds. @throws IllegalArgumentException when one is not positive */
    public HeaderLimits {
        if (octets < 1 || fields < 1) {
            throw new IllegalArgumentException("bounds of a header section are positive");
        }
    }
}
