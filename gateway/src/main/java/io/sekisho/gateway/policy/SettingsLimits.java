package io.sekisho.gateway.policy;

import java.time.Duration;

/**
 * Bounds of reading settings.
 *
 * @param changes taken at once
 * @param retry how long a list that could not be read is not asked for again
 * @param kept how long a change is kept for gateways that were away; one that was away longer reads everything anew
 */
public record SettingsLimits(int changes, Duration retry, Duration kept) {
    /** The product's bounds. */
    public static final SettingsLimits DEFAULT = new SettingsLimits(1000, Duration.ofSeconds(1), Duration.ofDays(7));
}
