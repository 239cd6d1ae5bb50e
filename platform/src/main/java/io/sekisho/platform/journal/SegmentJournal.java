package io.sekisho.platform.journal;

import io.sekisho.mail.message.Content;
import io.sekisho.platform.journal.Segment.Slot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The journal in files. A segment is a file of fixed length, allocated whole before it is used and used again when all its
 * records are released, so that a sync in the steady state touches no metadata. Records stand one after another, each behind
 * a header with checksums and the segment's number; what is handed in while a sync runs is written and synced together next.
 *
 * <p>Each record says up to where the segment was synced before it was written, and each segment where the one before it
 * ended. So a start can tell a torn tail (nothing after the first bad record claims that it was synced: cut) from damage
 * (something does: stop).
 *
 * <p>When a write or sync fails, the segment is in doubt and never written again; all that was waiting in it fails, and the
 * next record goes to a new segment, whose header says where the doubtful one ends. After a crash before that header is
 * synced, a record that failed may be replayed: its client was told 451, so it can become a second copy, never a loss.
 *
 * <p>Which records are released is not written down; a start replays all records of the segments in use.
 *
 * <p>{@link #step} writes one group. {@link #start} has a thread call it; the simulation calls it itself.
 */
public final class SegmentJournal implements Journal {
    private final Disk disk;
    private final RandomGenerator random;
    private final JournalLimits limits;
    private final SegmentSpace space;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<PendingRecord> queue = new ArrayDeque<>();
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Map<Long, Segment> bySequence = new ConcurrentHashMap<>();
    private final GroupWriter writer;
    private final JournalThreads threads;
    private @Nullable Segment active;
    private long nextSequence = 1;
    private long records;
    private int appendsQueued;
    private boolean replayed;
    private boolean closed;
    private boolean threaded;

    /**
     * A journal on the disk.
     *
     * @param clock times the retries after a full disk
     * @param random gives segments their salts
     */
    public SegmentJournal(Disk disk, InstantSource clock, RandomGenerator random, JournalLimits limits) {
        this.disk = disk;
        this.random = random;
        this.limits = limits;
        this.space = new SegmentSpace(disk, clock, limits, lock);
        this.writer = new GroupWriter(limits);
        this.threads = new JournalThreads(this, space, limits);
    }

    /** Has threads of its own write groups and allocate segments from now on. To be called after {@link #replay}. */
    public void start() {
        lock.lock();
        try {
            threaded = true;
            space.threaded();
        } finally {
            lock.unlock();
        }
        threads.start();
    }

    @Override
    public Append append(ByteBuffer... record) throws JournalUnavailableException {
        return add(false, record);
    }

    @Override
    public Append mark(ByteBuffer record) throws JournalUnavailableException {
        return add(true, record);
    }

    private Append add(boolean mark, ByteBuffer... payload) throws JournalUnavailableException {
        int length = 0;
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : payload) {
            length += part.remaining();
            crc.update(part.duplicate());
        }
        if (length > limits.maxRecord()) {
            throw new IllegalArgumentException("a record has at most " + limits.maxRecord() + " octets, not " + length);
        }
        PendingRecord pending;
        lock.lock();
        try {
            check(mark);
            Segment segment = room(RecordHeader.space(length), mark);
            pending = new PendingRecord(segment, segment.end, length, (int) crc.getValue(), mark, payload);
            segment.end += RecordHeader.space(length);
            segment.opened(pending.offset);
            records++;
            queue.add(pending);
            appendsQueued += mark ? 0 : 1;
        } finally {
            lock.unlock();
        }
        threads.handedIn(mark);
        return pending;
    }

    private void check(boolean mark) throws JournalUnavailableException {
        if (closed || !replayed) {
            throw new JournalUnavailableException(closed ? "the journal is closed" : "the journal is not open yet");
        }
        if (!mark && records >= limits.maxRecords()) {
            throw new JournalUnavailableException(
                    "the journal holds " + records + " records that are not filed, its bound: see to the database");
        }
    }

    private Segment room(int octets, boolean mark) throws JournalUnavailableException {
        Segment current = active;
        if (current != null && current.end + octets <= limits.segmentBytes()) {
            return current;
        }
        if (!mark && (segments.size() + 1L) * limits.segmentBytes() > limits.maxBytes()) {
            throw new JournalUnavailableException(
                    "the journal has grown to its bound of " + limits.maxBytes() + " octets: see to the database");
        }
        Slot slot = space.take(mark);
        if (slot == null) {
            slot = space.await(mark, threads::spaceUsed);
        }
        Segment now = active;
        if (now != null && now != current && now.end + octets <= limits.segmentBytes()) {
            // another append has opened a segment while this one waited for space
            space.found(slot);
            return now;
        }
        seal();
        Segment next = new Segment(nextSequence++, slot, random.nextInt());
        segments.add(next);
        bySequence.put(next.sequence, next);
        active = next;
        threads.spaceUsed();
        return next;
    }

    private void seal() {
        Segment current = active;
        if (current != null) {
            current.sealed = true;
            active = null;
        }
    }

    /** Whether an append waits to be written. */
    boolean appendWaits() {
        lock.lock();
        try {
            return appendsQueued > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether anything waits to be written. */
    boolean waits() {
        lock.lock();
        try {
            return !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void topUp() {
        lock.lock();
        try {
            space.allocateHere();
        } finally {
            lock.unlock();
        }
    }

    /** Writes and syncs one group of what was handed in. Called by one thread. @return the number of records made durable */
    public int step() {
        if (!threaded) {
            topUp();
        }
        List<PendingRecord> taken = take();
        if (taken.isEmpty()) {
            return 0;
        }
        Segment segment = taken.getFirst().segment;
        long oldest = oldest();
        try {
            writer.write(segment, taken, oldest);
        } catch (IOException e) {
            fail(segment, taken, e);
            return 0;
        }
        taken.forEach(PendingRecord::done);
        reuse(oldest);
        return taken.size();
    }

    /** Records of one segment, as many as fit a group. */
    private List<PendingRecord> take() {
        List<PendingRecord> taken = new ArrayList<>();
        lock.lock();
        try {
            int octets = 0;
            PendingRecord next;
            while ((next = queue.peek()) != null) {
                octets += RecordHeader.space(next.length);
                if (!taken.isEmpty() && (next.segment != taken.getFirst().segment || octets > limits.maxGroup())) {
                    break;
                }
                taken.add(queue.remove());
                appendsQueued -= next.mark ? 0 : 1;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** A synced record says which segment is the oldest: the slots of those before it may be written over. */
    private void reuse(long oldest) {
        lock.lock();
        try {
            space.stated(oldest).forEach(threads::delete);
        } finally {
            lock.unlock();
        }
    }

    private long oldest() {
        lock.lock();
        try {
            return segments.getFirst().sequence;
        } finally {
            lock.unlock();
        }
    }

    /** The segment is in doubt: nothing more goes there, and all that waits there fails. */
    private void fail(Segment segment, List<PendingRecord> taken, IOException e) {
        List<PendingRecord> failed = new ArrayList<>(taken);
        lock.lock();
        try {
            if (segment.equals(active)) {
                seal();
            }
            queue.removeIf(record -> {
                if (record.segment != segment) {
                    return false;
                }
                appendsQueued -= record.mark ? 0 : 1;
                return failed.add(record);
            });
            segment.failed = true;
            failed.forEach(record -> forget(segment, record.offset));
        } finally {
            lock.unlock();
        }
        String why = "the journal's disk failed: " + e.getMessage();
        failed.forEach(record -> record.failed(why));
    }

    @Override
    public void release(long position) {
        lock.lock();
        try {
            Segment segment = bySequence.get(Segment.sequence(position));
            if (segment != null) {
                forget(segment, Segment.offset(position));
                free();
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(Segment segment, int offset) {
        if (segment.released(offset)) {
            records--;
        }
    }

    /** Gives back segments from the oldest end. One that was never written has no header that later ones refer to. */
    private void free() {
        while (!segments.isEmpty() && segments.getFirst().free() && segments.size() > 1) {
            Segment segment = segments.remove();
            bySequence.remove(segment.sequence);
            space.retire(segment);
        }
    }

    @Override
    public Content content(long position, int offset, int length, boolean eightBit) {
        return new RecordContent(this, position, offset, length, eightBit);
    }

    /** Octets of a record. */
    byte[] read(long position, int offset, int length) throws IOException {
        Segment segment = bySequence.get(Segment.sequence(position));
        if (segment == null) {
            throw new IOException("the record at " + position + " has been released");
        }
        byte[] octets = new byte[length];
        int read = segment.slot
                .file()
                .read((long) Segment.offset(position) + RecordHeader.LENGTH + offset, ByteBuffer.wrap(octets));
        if (read < length) {
            throw new IOException("the record at " + position + " is cut short");
        }
        return octets;
    }

    @Override
    public void replay(Visitor visitor) throws IOException {
        SegmentReader reader = new SegmentReader(disk, limits);
        reader.open();
        for (SegmentReader.Found found : reader.inUse()) {
            Segment segment = new Segment(
                    found.header().sequence(), found.slot(), found.header().salt());
            segment.end = found.end();
            segment.durable = found.end();
            segment.headerWritten = true;
            segment.sealed = true;
            lock.lock();
            try {
                segments.add(segment);
                bySequence.put(segment.sequence, segment);
            } finally {
                lock.unlock();
            }
            reader.records(found, (offset, payload) -> {
                segment.opened(offset);
                records++;
                visitor.record(segment.position(offset), payload);
            });
            writer.follow(segment);
        }
        lock.lock();
        try {
            nextSequence = reader.highestSequence() + 1;
            reader.free().forEach(space::found);
            reader.names().forEach(space::seen);
            space.allocateHere();
            replayed = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Usage usage() {
        lock.lock();
        try {
            return new Usage((long) segments.size() * limits.segmentBytes(), records, segments.size());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            space.close();
        } finally {
            lock.unlock();
        }
        threads.stop(TimeUnit.SECONDS.toNanos(30));
        while (waits()) {
            step();
        }
        for (Segment segment : segments) {
            segment.slot.file().close();
        }
    }
}
