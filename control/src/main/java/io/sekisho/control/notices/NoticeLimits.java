package io.sekisho.control.notices;

import java.time.Duration;

/**
 * Bounds of notices.
 *
 * @param atOnce tenants told in one step; more wait for the next
 * @param early mail before the proof of a domain is told again after this time, while it goes on
 * @param held mail that is held is told again after this time, when there is more
 * @param settled what happened within this time is told the next time: its rows may not all be there yet
 * @param age mail that came earlier is not told of any more
 * @param listed held messages that a notice lists one by one
 */
public record NoticeLimits(int atOnce, Duration early, Duration held, Duration settled, Duration age, int listed) {
    /** The product's bounds. */
    public static final NoticeLimits DEFAULT = new NoticeLimits(
            100, Duration.ofDays(1), Duration.ofHours(4), Duration.ofSeconds(30), Duration.ofDays(31), 10);
}
