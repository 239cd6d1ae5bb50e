package io.sekisho.gateway.policy;

import java.time.Duration;

/**
 * Bounds of the settings on disk.
 *
 * @param written how often it is looked whether they have to be written
 * @param reconfirmed how often they are written though nothing has changed, so that it is known how old they are
 * @param listsAtOnce lists of recipients written at once; more wait for the next time, so that the disk is left to the mail
 * @param refusing until they are so old, a recipient that is not listed is refused; later it is put off, for it may be new
 * @param usable older ones are not used
 * @param octets of a file; what does not fit is not kept
 */
public record CacheLimits(
        Duration written, Duration reconfirmed, int listsAtOnce, Duration refusing, Duration usable, int octets) {
    /** The product's bounds. */
    public static final CacheLimits DEFAULT = new CacheLimits(
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            100,
            Duration.ofMinutes(10),
            Duration.ofDays(30),
            1024 * 1024 * 1024);
}
