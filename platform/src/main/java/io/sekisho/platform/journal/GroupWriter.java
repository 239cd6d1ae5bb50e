package io.sekisho.platform.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Puts the records of a group behind one another in one buffer, writes it with one call and syncs it. For one thread. */
final class GroupWriter {
    private final ByteBuffer group;
    private long lastSequence;
    private int lastEnd;

    GroupWriter(JournalLimits limits) {
        this.group = ByteBuffer.allocateDirect(limits.maxGroup() + SegmentHeader.LENGTH);
    }

    /** The next segment comes after this one. */
    void follow(Segment segment) {
        lastSequence = segment.sequence;
        lastEnd = segment.durable;
    }

    /**
     * Makes the records durable.
     *
     * @param records of the segment, behind one another
     * @param oldest number of the oldest segment in use
     * @throws IOException when they may or may not be on the disk
     */
    void write(Segment segment, List<PendingRecord> records, long oldest) throws IOException {
        group.clear();
        int from = records.getFirst().offset;
        if (!segment.headerWritten) {
            new SegmentHeader(segment.sequence, segment.salt, lastSequence, lastEnd).write(group);
            from = 0;
        }
        for (PendingRecord record : records) {
            new RecordHeader(record.length, record.checksum, segment.sequence, segment.durable, oldest)
                    .write(group, segment.salt);
            for (ByteBuffer part : record.payload) {
                group.put(part.duplicate());
            }
            int padding = RecordHeader.space(record.length) - RecordHeader.LENGTH - record.length;
            for (int i = 0; i < padding; i++) {
                group.put((byte) 0);
            }
        }
        int end = from + group.position();
        segment.slot.file().write(from, group.flip());
        segment.slot.file().sync();
        segment.headerWritten = true;
        segment.durable = end;
        follow(segment);
    }
}
