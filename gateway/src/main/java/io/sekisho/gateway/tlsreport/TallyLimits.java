package io.sekisho.gateway.tlsreport;

import java.time.Duration;

/**
 * Bounds of the TLS statistics.
 *
 * @param counts different counts kept in memory between two steps; what would need another is dropped, and how much is logged
 * @param policyCharacters characters of a policy's strings that are kept, and of its patterns; a longer one is cut at a line
 * @param kept how long rows stay, by the day they are about
 */
public record TallyLimits(int counts, int policyCharacters, Duration kept) {
    /** The product's bounds: a report is about a day and is sent the day after; two weeks are for those who look back. */
    public static final TallyLimits DEFAULT = new TallyLimits(5_000, 2_000, Duration.ofDays(14));

    /** Checks the numbers. @throws IllegalArgumentException when one is below one, or less than a day is kept */
    public TallyLimits {
        if (counts < 1 || policyCharacters < 1 || kept.toDays() < 1) {
            throw new IllegalArgumentException("limits too small: " + counts + ", " + policyCharacters + ", " + kept);
        }
    }
}
