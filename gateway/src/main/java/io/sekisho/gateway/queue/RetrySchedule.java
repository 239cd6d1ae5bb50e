package io.sekisho.gateway.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When a recipient that was put off is tried again: after 1, 5, 15, 30 minutes, 1, 2, 4 hours, then every 4 hours, until its
 * lifetime is over.
 *
 * @param lifetime how long after receipt the last attempt may be
 */
public record RetrySchedule(Duration lifetime) {
    private static final List<Duration> WAITS = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4));

    /** Ten days. */
    public static final RetrySchedule INBOUND = new RetrySchedule(Duration.ofDays(10));

    /** Checks the lifetime. @throws IllegalArgumentException when it is not between 1 minute and 30 days */
    public RetrySchedule {
        if (lifetime.compareTo(Duration.ofMinutes(1)) < 0 || lifetime.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("a lifetime lies between 1 minute and 30 days: " + lifetime);
        }
    }

    /** The next attempt. @param attempts made so far, at least 1 */
    public Instant next(int attempts, Instant now) {
        return now.plus(WAITS.get(Math.min(attempts, WAITS.size()) - 1));
    }

    /** When the recipient's lifetime ends. */
    public Instant expires(Instant receivedAt) {
        return receivedAt.plus(lifetime);
    }
}
