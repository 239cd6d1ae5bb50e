package io.sekisho.gateway.intake;

/**
 * Bounds of what a message may look like.
 *
 * @param receivedFields Received fields in the header section; one more is a loop (RFC 5321 section 6.3)
 * @param headerOctets octets of the header section
 * @param forgedFields stretches of header fields that only we may write, to be left out
 */
public record IntakeLimits(int receivedFields, int headerOctets, int forgedFields) {
    /** The product's bounds. */
    public static final IntakeLimits DEFAULT = new IntakeLimits(30, 1024 * 1024, 100);
}
