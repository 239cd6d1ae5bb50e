package io.sekisho.platform.journal;

import io.sekisho.platform.journal.Disk.DiskFile;
import io.sekisho.platform.journal.Segment.Slot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Finds the segments in use and their records at a start, and tells a torn tail from damage. */
final class SegmentReader {
    /**
     * A segment that was found.
     *
     * @param header its header
     * @param slot where
     * @param end where its records end
     */
    record Found(SegmentHeader header, Slot slot, int end) {}

    /** Sees a record. */
    interface Each {
        void record(int offset, ByteBuffer payload) throws IOException;
    }

    private final Disk disk;
    private final JournalLimits limits;
    private final List<Found> inUse = new ArrayList<>();
    private final List<Slot> free = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private long highestSequence;
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    SegmentReader(Disk disk, JournalLimits limits) {
        this.disk = disk;
        this.limits = limits;
    }

    List<Found> inUse() {
        return inUse;
    }

    List<Slot> free() {
        return free;
    }

    List<String> names() {
        return names;
    }

    /** The highest number that any slot bears, in use or not. */
    long highestSequence() {
        return highestSequence;
    }

    void open() throws IOException {
        List<Found> found = new ArrayList<>();
        List<Slot> blank = new ArrayList<>();
        for (String name :
                disk.list().stream().filter(SegmentSpace::isSlot).sorted().toList()) {
            names.add(name);
            DiskFile file = disk.open(name, 0);
            if (file.size() != limits.segmentBytes()) {
                // its allocation was cut short, or it was made under another setting and is empty
                discard(name, file);
                continue;
            }
            Slot slot = new Slot(name, file);
            SegmentHeader header = SegmentHeader.read(bytes(slot, 0, SegmentHeader.LENGTH));
            if (header == null) {
                blank.add(slot);
            } else {
                highestSequence = Math.max(highestSequence, header.sequence());
                found.add(new Found(header, slot, 0));
            }
        }
        found.sort(Comparator.comparingLong(f -> f.header().sequence()));
        chain(found);
        for (Slot slot : blank) {
            checkBlank(slot);
        }
    }

    private void discard(String name, DiskFile file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(SegmentHeader.LENGTH);
        file.read(0, start);
        if (SegmentHeader.read(start.flip()) != null) {
            throw new DamagedJournalException("journal file " + name + " has " + file.size() + " octets instead of "
                    + limits.segmentBytes() + ": was it cut, or copied in part? Restore it, or start with a copy of the"
                    + " journal folder and ask for help before you delete anything");
        }
        file.close();
        disk.delete(name);
    }

    /** Works backwards from the newest segment, which alone may have a torn tail. */
    private void chain(List<Found> found) throws IOException {
        int newest = found.size() - 1;
        if (newest < 0) {
            return;
        }
        Tail tail = tail(found.get(newest));
        // a newest segment without a record says nothing; the one before it knows
        long oldest = tail.oldest();
        int last = newest;
        while (oldest < 0 && last > 0) {
            free.add(found.get(last).slot());
            last--;
            tail = tail(found.get(last));
            oldest = tail.oldest();
        }
        if (oldest < 0) {
            free.add(found.get(last).slot());
            return;
        }
        secure(found.get(last), tail);
        Map<Long, Found> bySequence = new HashMap<>();
        found.subList(0, last + 1).forEach(f -> bySequence.put(f.header().sequence(), f));
        long next = found.get(last).header().sequence();
        int end = tail.end();
        while (next >= oldest && next > 0) {
            Found f = bySequence.remove(next);
            if (f == null) {
                throw missing(next);
            }
            verify(f, end);
            inUse.add(0, new Found(f.header(), f.slot(), end));
            next = f.header().previous();
            end = f.header().previousEnd();
        }
        bySequence.values().stream()
                .sorted(Comparator.comparing(f -> f.slot().name()))
                .forEach(f -> free.add(f.slot()));
    }

    /**
     * The last group was read, but perhaps from the system's memory alone: a program that was killed may have written it and
     * not synced it, or its sync may have failed. It is written again and synced, before anything builds upon it.
     */
    private void secure(Found newest, Tail tail) throws IOException {
        ByteBuffer group = ByteBuffer.allocate(tail.end() - tail.durable());
        newest.slot().file().read(tail.durable(), group);
        newest.slot().file().write(tail.durable(), group.flip());
        newest.slot().file().sync();
    }

    private static DamagedJournalException missing(long sequence) {
        return new DamagedJournalException("journal segment " + sequence
                + " is missing, though it was in use: restore its file (slot-…) to the journal folder");
    }

    /** Everything before {@code end} was synced, so it must be there. */
    private void verify(Found f, int end) throws IOException {
        int at = SegmentHeader.LENGTH;
        while (at < end) {
            RecordHeader header = recordAt(f, at);
            if (header == null) {
                throw damaged(f.slot(), at);
            }
            at += RecordHeader.space(header.length());
        }
        if (at != end) {
            throw damaged(f.slot(), at);
        }
    }

    private static DamagedJournalException damaged(Slot slot, int at) {
        return new DamagedJournalException(
                "journal file " + slot.name() + " is damaged at octet " + at
                        + ", before records that had been synced. Nothing was changed. Restore the file from the disk's mirror, or"
                        + " copy the journal folder, then ask for help before you delete anything: it may hold mail nobody else has");
    }

    /**
     * The end of the newest segment.
     *
     * @param end where its good records end
     * @param oldest the oldest segment in use by its last record, -1 when it has none
     * @param durable up to where its last record says that it was synced
     */
    private record Tail(int end, long oldest, int durable) {}

    private Tail tail(Found f) throws IOException {
        int at = SegmentHeader.LENGTH;
        long oldest = -1;
        int durable = 0;
        RecordHeader header;
        while ((header = recordAt(f, at)) != null) {
            oldest = header.oldest();
            durable = header.durable();
            at += RecordHeader.space(header.length());
        }
        checkTorn(f.header().sequence(), f.header().salt(), f.slot(), at);
        return new Tail(at, oldest, durable);
    }

    /** A good record behind a bad one that says the bad one's place was synced makes it damage. */
    private void checkTorn(long sequence, int salt, Slot slot, int bad) throws IOException {
        int chunk = 1 << 20;
        for (int from = bad; from < limits.segmentBytes(); from += chunk) {
            ByteBuffer octets = bytes(slot, from, Math.min(chunk + RecordHeader.LENGTH, limits.segmentBytes() - from))
                    .slice();
            for (int i = 0; i + RecordHeader.LENGTH <= octets.limit() && i < chunk; i += RecordHeader.ALIGNMENT) {
                RecordHeader header = RecordHeader.read(octets.slice(i, RecordHeader.LENGTH), sequence, salt);
                if (header != null && header.durable() > bad) {
                    throw damaged(slot, bad);
                }
            }
        }
    }

    /** A slot without a header is free, unless a later group of a segment stands in it. */
    private void checkBlank(Slot slot) throws IOException {
        long next = inUse.isEmpty() ? 1 : inUse.getLast().header().sequence() + 1;
        ByteBuffer first =
                bytes(slot, SegmentHeader.LENGTH, RecordHeader.LENGTH).slice();
        Integer salt = RecordHeader.impliedSalt(first);
        if (salt != null && RecordHeader.read(first, next, salt) != null) {
            checkTorn(next, salt, slot, SegmentHeader.LENGTH);
        }
        free.add(slot);
    }

    private @Nullable RecordHeader recordAt(Found f, int at) throws IOException {
        if (at + RecordHeader.LENGTH > limits.segmentBytes()) {
            return null;
        }
        RecordHeader header = RecordHeader.read(
                bytes(f.slot(), at, RecordHeader.LENGTH),
                f.header().sequence(),
                f.header().salt());
        if (header == null
                || header.length() < 0
                || header.length() > limits.maxRecord()
                || at + RecordHeader.space(header.length()) > limits.segmentBytes()) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes(f.slot(), at + RecordHeader.LENGTH, header.length()));
        return (int) crc.getValue() == header.checksum() ? header : null;
    }

    /** Gives all records of the segment, which have been verified. */
    void records(Found f, Each each) throws IOException {
        int at = SegmentHeader.LENGTH;
        while (at < f.end()) {
            RecordHeader header = recordAt(f, at);
            if (header == null) {
                throw damaged(f.slot(), at);
            }
            each.record(
                    at,
                    bytes(f.slot(), at + RecordHeader.LENGTH, header.length()).asReadOnlyBuffer());
            at += RecordHeader.space(header.length());
        }
    }

    private ByteBuffer bytes(Slot slot, int from, int length) throws IOException {
        if (buffer.capacity() < length) {
            buffer = ByteBuffer.allocate(Math.max(length, 1 << 21));
        }
        buffer.clear().limit(length);
        slot.file().read(from, buffer);
        return buffer.flip();
    }
}
