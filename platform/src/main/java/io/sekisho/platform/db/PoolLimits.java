package io.sekisho.platform.db;

import java.time.Duration;

/**
 * Bounds of the connections to the database.
 *
 * @param gateway the most connections of the gateway
 * @param app the most connections of the console
 * @param operator the most connections of the operator
 * @param connection how long somebody waits for a connection before the database counts as gone
 * @param answer how long a statement may stay without any answer before its connection is given up
 * @param idle an unused connection is closed after this time
 */
public record PoolLimits(int gateway, int app, int operator, Duration connection, Duration answer, Duration idle) {
    /** Bounds for one machine. */
    public static PoolLimits defaults() {
        return new PoolLimits(8, 8, 2, Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofMinutes(2));
    }
}
