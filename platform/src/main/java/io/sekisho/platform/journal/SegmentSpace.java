package io.sekisho.platform.journal;

import io.sekisho.platform.journal.Segment.Slot;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are not in use. Guarded by the journal's lock, except {@link #allocateOne}, which writes a whole segment
 * without it and is called by one thread.
 */
final class SegmentSpace {
    private static final String PREFIX = "slot-";

    private final Disk disk;
    private final InstantSource clock;
    private final JournalLimits limits;
    private final Deque<Slot> spares = new ArrayDeque<>();
    private final Deque<Segment> retired = new ArrayDeque<>();
    private int nextName;
    private Instant retryAt = Instant.EPOCH;
    private @Nullable String failure;
    private final ReentrantLock lock;
    private final Condition changed;
    private boolean threaded;
    private boolean closed;

    SegmentSpace(Disk disk, InstantSource clock, JournalLimits limits, ReentrantLock lock) {
        this.disk = disk;
        this.lock = lock;
        this.changed = lock.newCondition();
        this.clock = clock;
        this.limits = limits;
    }

    static boolean isSlot(String name) {
        return name.startsWith(PREFIX);
    }

    /** A slot that was found on the disk and holds nothing of use. */
    void found(Slot slot) {
        spares.add(slot);
    }

    /** Names of new slots come after this one. */
    void seen(String name) {
        nextName = Math.max(nextName, Integer.parseInt(name.substring(PREFIX.length())) + 1);
    }

    /** A free slot, or null; the last one is for marks alone. */
    @Nullable
    Slot take(boolean forMark) {
        return spares.size() > 1 || forMark ? spares.poll() : null;
    }

    /**
     * The segment is not in use any more. Its slot is left as it is until a synced record says so: were it written over
     * before, a crash would leave a journal that misses a segment.
     */
    void retire(Segment segment) {
        retired.add(segment);
    }

    /** A synced record says which segment is the oldest. @return slots that are not wanted any more */
    List<Slot> stated(long oldest) {
        List<Slot> unwanted = new ArrayList<>();
        while (!retired.isEmpty() && retired.getFirst().sequence < oldest) {
            Segment segment = retired.remove();
            if (segment.failed || spares.size() >= limits.maxSpares()) {
                unwanted.add(segment.slot);
            } else {
                spares.add(segment.slot);
                changed();
            }
        }
        return unwanted;
    }

    /** Deletes a slot that is not wanted. */
    void delete(Slot slot) {
        try {
            slot.file().close();
            disk.delete(slot.name());
        } catch (IOException e) {
            System.getLogger(SegmentSpace.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot delete {0}: {1}", slot.name(), e.getMessage());
        }
    }

    /** A thread calls {@link #allocateOne} from now on. */
    void threaded() {
        threaded = true;
    }

    void close() {
        closed = true;
        changed();
    }

    /** There may be a slot for who waits. */
    void changed() {
        changed.signalAll();
    }

    /**
     * A free slot, waited for while one is being allocated.
     *
     * @param ask has the thread allocate
     * @throws JournalUnavailableException when there is none in time
     */
    Slot await(boolean forMark, Runnable ask) throws JournalUnavailableException {
        long left = limits.spaceWait().toNanos();
        while (true) {
            if (!threaded) {
                allocateHere();
            }
            Slot slot = take(forMark);
            if (slot != null) {
                return slot;
            }
            if (failure != null || !threaded || left <= 0 || closed) {
                throw new JournalUnavailableException(
                        failure != null ? failure : "the journal waits for its disk; try again");
            }
            ask.run();
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new JournalUnavailableException("interrupted while waiting for space in the journal", e);
            }
        }
    }

    /** Allocates what is wanted, in the caller's thread. */
    void allocateHere() {
        while (wanting()) {
            try {
                allocated(allocate(nextName()));
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** Allocates one slot when one is wanted. @return false when there was nothing to do or it failed */
    boolean allocateOne() {
        String name;
        lock.lock();
        try {
            if (!wanting()) {
                return false;
            }
            name = nextName();
        } finally {
            lock.unlock();
        }
        Slot slot = null;
        IOException problem = null;
        try {
            slot = allocate(name);
        } catch (IOException e) {
            problem = e;
        }
        lock.lock();
        try {
            if (slot != null) {
                allocated(slot);
            } else if (problem != null) {
                failed(problem);
            }
            changed();
            return slot != null;
        } finally {
            lock.unlock();
        }
    }

    private boolean wanting() {
        return !closed && spares.size() < limits.spares() && !clock.instant().isBefore(retryAt);
    }

    private String nextName() {
        return "%s%06d".formatted(PREFIX, nextName++);
    }

    private Slot allocate(String name) throws IOException {
        Slot slot = new Slot(name, disk.open(name, limits.segmentBytes()));
        disk.syncNames();
        return slot;
    }

    private void allocated(Slot slot) {
        failure = null;
        spares.add(slot);
    }

    private void failed(IOException e) {
        failure = "no room for the journal: " + e.getMessage() + "; free some space on its disk";
        retryAt = clock.instant().plus(limits.spaceRetry());
    }
}
