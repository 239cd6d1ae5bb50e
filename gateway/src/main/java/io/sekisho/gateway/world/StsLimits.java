package io.sekisho.gateway.world;

import java.time.Duration;

/**
 * Bounds of MTA-STS.
 *
 * @param longestAge a policy is never kept longer (RFC 8461 section 3.2: 31,557,600 seconds)
 * @param refresh a policy is fetched again after this time although its id is the same, so that it does not run out
 * @param again after a fetch that failed, none is tried for this time (RFC 8461 section 3.3)
 * @param policies policies that are kept in memory
 * @param failures domains whose failed fetches are remembered
 */
public record StsLimits(Duration longestAge, Duration refresh, Duration again, int policies, int failures) {
    /** The product's bounds. */
    public static final StsLimits DEFAULT =
            new StsLimits(Duration.ofHours(8766), Duration.ofDays(1), Duration.ofMinutes(5), 20_000, 20_000);
}
