package io.sekisho.platform.db;

import java.time.Duration;

/**
 * Bounds of the embedded PostgreSQL.
 *
 * @param initialise how long the making of a new cluster may take
 * @param start how long a start may take, recovery after a crash included
 * @param stop how long a fast stop may take before a hard one follows
 * @param kill how long a hard stop may take before the process is killed, and how long a killed one may take to vanish
 * @param restartFirst the wait before the first restart after the server died
 * @param restartMost the longest wait between two restarts; each wait is twice the one before
 * @param steady a server that ran this long is restarted with the first wait again
 * @param portChoices how many ports are tried when one is taken
 * @param sharedBuffersMegabytes memory for pages, in MB
 * @param connections the most connections at once
 */
public record EmbeddedLimits(
        Duration initialise,
        Duration start,
        Duration stop,
        Duration kill,
        Duration restartFirst,
        Duration restartMost,
        Duration steady,
        int portChoices,
        int sharedBuffersMegabytes,
        int connections) {
    /** Bounds for one machine with a modest load. */
    public static EmbeddedLimits defaults() {
        return new EmbeddedLimits(
                Duration.ofMinutes(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                8,
                96,
                60);
    }
}
