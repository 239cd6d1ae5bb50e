package io.sekisho.gateway.intake;

import java.time.Duration;

/**
 * Bounds of call-forward verification.
 *
 * @param answers remembered, of all domains; beyond, the oldest go
 * @param known how long it is remembered that a recipient is known
 * @param unknown how long it is remembered that one is not
 * @param noAnswer how long a server that gave no answer is not asked about the same recipient again
 * @param perDomain servers of one domain are asked about so many recipients at once; beyond, senders are put off
 */
public record CallForwardLimits(int answers, Duration known, Duration unknown, Duration noAnswer, int perDomain) {
    /** The product's bounds. */
    public static final CallForwardLimits DEFAULT =
            new CallForwardLimits(100_000, Duration.ofDays(1), Duration.ofMinutes(15), Duration.ofSeconds(30), 5);
}
