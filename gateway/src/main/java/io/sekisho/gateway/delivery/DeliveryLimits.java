package io.sekisho.gateway.delivery;

import java.time.Duration;

/**
 * Bounds of delivery.
 *
 * @param perLane attempts at once in one lane
 * @param first attempts at once in a lane of which nothing is known yet; each success doubles them
 * @param total attempts at once
 * @param slow how long an attempt takes whose server is slow
 * @param claim recipients claimed for a lane at once
 * @param lanes lanes looked at in one round of claims
 * @param rounds of claims one after the other while there is more that is due
 * @param firstBackoff how long a lane waits after its next hop could not be reached; doubled each time
 * @param lastBackoff the longest such wait
 * @param hopsRemembered servers that are down and remembered as such; beyond, those whose wait has long passed are forgotten
 * @param moving how long after a success a lane counts as moving
 */
public record DeliveryLimits(
        int perLane,
        int first,
        int total,
        Duration slow,
        int claim,
        int lanes,
        int rounds,
        Duration firstBackoff,
        Duration lastBackoff,
        int hopsRemembered,
        Duration moving) {
    /** The product's bounds. */
    public static final DeliveryLimits DEFAULT = new DeliveryLimits(
            20,
            2,
            500,
            Duration.ofSeconds(3),
            200,
            100,
            10,
            Duration.ofSeconds(15),
            Duration.ofMinutes(5),
            10_000,
            Duration.ofSeconds(2));

    /** These with other numbers of attempts. */
    public DeliveryLimits with(int inLane, int all) {
        return new DeliveryLimits(
                inLane,
                Math.min(first, inLane),
                all,
                slow,
                claim,
                lanes,
                rounds,
                firstBackoff,
                lastBackoff,
                hopsRemembered,
                moving);
    }

    /** The most attempts at once of all slow lanes, and the most of one tenant: a quarter is always left for others. */
    public int share() {
        return Math.max(1, total - total / 4);
    }

    /** Lanes of one tenant in a full round of claims above which the next rounds are for others. */
    int lanesOfTenant() {
        return Math.max(1, lanes / 10);
    }
}
