package io.sekisho.gateway.intake;

/**
 * Bounds of counting messages: how many tenants, client addresses and recipients are counted at once. Each is a power of two of
 * at least 1024; one takes 16 octets, and memory is taken when it is first needed. One counts from its first message until its
 * limit has made up for all it brought: a fifth of a second after one message at 300 a minute, a minute at most.
 *
 * @param tenants tenants
 * @param addresses pairs of a client address and a tenant
 * @param recipients recipients
 */
public record RateBounds(int tenants, int addresses, int recipients) {
    /** The product's bounds: at most 9 MB. */
    public static final RateBounds DEFAULT = new RateBounds(1 << 14, 1 << 18, 1 << 18);
}
