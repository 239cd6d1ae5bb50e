package io.sekisho.gateway.spool;

import java.time.Duration;

/**
 * Bounds of custody. Bytes and records of the journal have bounds of their own
 * ({@link io.sekisho.platform.journal.JournalUnavailableException} beyond them).
 *
 * @param contentInJournal octets of content up to which it stands in the journal record; larger content becomes a blob first
 * @param immediate how long a message may wait for its end in the journal when its next hop makes no progress
 * @param patience how long it may wait there while its next hop does
 * @param age how old the oldest unfiled message may be before new mail is refused with 451
 * @param batch messages filed in one transaction
 * @param interval between filings when there is little to file
 * @param retry wait after the database failed
 */
public record SpoolLimits(
        int contentInJournal,
        Duration immediate,
        Duration patience,
        Duration age,
        int batch,
        Duration interval,
        Duration retry) {
    /** The product's bounds. */
    public static final SpoolLimits DEFAULT = new SpoolLimits(
            256 * 1024,
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofHours(1),
            1000,
            Duration.ofMillis(500),
            Duration.ofSeconds(1));
}
