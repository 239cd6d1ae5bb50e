package io.sekisho.smtp.tls;

import java.time.Duration;

/**
 * Every bound of TLS.
 *
 * @param handshake for a whole handshake, however its octets trickle
 * @param handshakeOctets octets that the peer may send in one, records and all
 * @param closing for the peer to take our close_notify; nobody's mail waits for it
 * @param emptyRecords records without content that may come one after the other: new keys, tickets, empty ones
 * @param sessions sessions kept so that they can be resumed
 * @param sessionLifetime how long a session can be resumed, in whole seconds, at most a day
 * @param buffers large buffers lent to connections at one time; beyond, a connection grows a buffer of its own as octets come
 * @param spareBuffers of them, those kept while nobody needs them
 */
public record TlsLimits(
        Duration handshake,
        int handshakeOctets,
        Duration closing,
        int emptyRecords,
        int sessions,
        Duration sessionLifetime,
        int buffers,
        int spareBuffers) {
    /** Checks the numbers. @throws IllegalArgumentException when one is too small to work with */
    public TlsLimits {
        if (!handshake.isPositive() || !closing.isPositive() || sessionLifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("limits too small: " + handshake + ", " + closing);
        }
        if (handshakeOctets < 1024 || emptyRecords < 1) {
            throw new IllegalArgumentException("limits too small: " + handshakeOctets + ", " + emptyRecords);
        }
        if (sessions < 1 || buffers < 0 || spareBuffers < 1) {
            throw new IllegalArgumentException("limits too small: " + sessions + ", " + buffers + ", " + spareBuffers);
        }
    }

    /** The limits of the product. */
    public static TlsLimits defaults() {
        return new TlsLimits(
                Duration.ofSeconds(60), 128 * 1024, Duration.ofSeconds(2), 64, 20_000, Duration.ofHours(12), 1_024, 64);
    }
}
