package io.sekisho.platform.journal;

import io.sekisho.platform.journal.Disk.DiskFile;
import java.util.BitSet;

/** A segment in use: a slot on the disk, how far it is filled and synced, and which of its records are released. */
final class Segment {
    /**
     * A file of the length of a segment.
     *
     * @param name of the file
     * @param file open
     */
    record Slot(String name, DiskFile file) {}

    final long sequence;
    final Slot slot;
    final int salt;
    /** Where the next record goes. */
    int end = SegmentHeader.LENGTH;
    /** Up to here everything is synced. */
    volatile int durable;
    /** No record will be added. */
    boolean sealed;

    /** A write or sync failed: its slot is not used again. */
    boolean failed;

    boolean headerWritten;
    private final BitSet open = new BitSet();
    private int openCount;

    Segment(long sequence, Slot slot, int salt) {
        this.sequence = sequence;
        this.slot = slot;
        this.salt = salt;
    }

    long position(int offset) {
        return sequence << 32 | offset;
    }

    static long sequence(long position) {
        return position >>> 32;
    }

    static int offset(long position) {
        return (int) position;
    }

    void opened(int offset) {
        open.set(offset / RecordHeader.ALIGNMENT);
        openCount++;
    }

    /** @return whether it was open until now */
    boolean released(int offset) {
        int bit = offset / RecordHeader.ALIGNMENT;
        if (!open.get(bit)) {
            return false;
        }
        open.clear(bit);
        openCount--;
        return true;
    }

    boolean free() {
        return sealed && openCount == 0;
    }
}
