package io.sekisho.platform.journal;

import java.time.Duration;

/**
 * Bounds of a journal.
 *
 * @param segmentBytes octets of a segment; each is allocated whole
 * @param maxBytes octets of all segments in use; beyond them appends are refused
 * @param maxRecords records not yet released; beyond them appends are refused
 * @param maxRecord octets of one record
 * @param maxGroup octets written and synced at once
 * @param spares segments kept allocated ahead of need; the last one is kept back for marks
 * @param maxSpares free segments kept for use again; more are deleted
 * @param markDelay how long a mark waits for company before it is synced
 * @param spaceWait how long an append waits while a segment is being allocated
 * @param spaceRetry wait after an allocation that failed, as on a full disk
 */
public record JournalLimits(
        int segmentBytes,
        long maxBytes,
        long maxRecords,
        int maxRecord,
        int maxGroup,
        int spares,
        int maxSpares,
        Duration markDelay,
        Duration spaceWait,
        Duration spaceRetry) {
    /** The product's bounds. */
    public static final JournalLimits DEFAULT = new JournalLimits(
            64 << 20,
            4L << 30,
            200_000,
            1 << 20,
            4 << 20,
            3,
            8,
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1));

    /** Checks that a record fits a group and a group a segment. @throws IllegalArgumentException when not */
    public JournalLimits {
        if (maxRecord + RecordHeader.LENGTH > maxGroup
                || maxGroup + SegmentHeader.LENGTH > segmentBytes
                || spares < 2) {
            throw new IllegalArgumentException(
                    "a record fits a group, a group fits a segment, and there are at least 2 spares");
        }
    }

    /** The same with other outer bounds. */
    public JournalLimits with(long bytes, long records) {
        return new JournalLimits(
                segmentBytes, bytes, records, maxRecord, maxGroup, spares, maxSpares, markDelay, spaceWait, spaceRetry);
    }
}
