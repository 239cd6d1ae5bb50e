package io.sekisho.gateway.delivery;

import java.time.Duration;

/**
 * Bounds of delivery.
 *
 * @param perLane attempts at once in one lane
 * @param total attempts at once
 * @param claim recipients claimed for a lane at once
 * @param lanes lanes looked at in one round of claims
 * @param firstBackoff how long a lane waits after its next hop could not be reached; doubled each time
 * @param lastBackoff the longest such wait
 * @param hopsRemembered servers that are down and remembered as such; beyond, those whose wait has long passed are forgotten
 * @param moving how long after a success a lane counts as moving
 */
public record DeliveryLimits(
        int perLane,
        int total,
        int claim,
        int lanes,
        Duration firstBackoff,
        Duration lastBackoff,
        int hopsRemembered,
        Duration moving) {
    /** The product's bounds. */
    public static final DeliveryLimits DEFAULT = new DeliveryLimits(
            20, 500, 200, 100, Duration.ofSeconds(15), Duration.ofMinutes(5), 10_000, Duration.ofSeconds(2));
}
