package io.sekisho.platform.journal;

import io.sekisho.platform.journal.Segment.Slot;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The two threads of a journal: one writes groups, one allocates and deletes segments. */
final class JournalThreads {
    private enum Rest {
        /** Busy. */
        NONE,
        /** Waiting for anything. */
        LONG,
        /** Waiting for company for a mark. */
        SHORT
    }

    private final SegmentJournal journal;
    private final SegmentSpace space;
    private final JournalLimits limits;
    private final Queue<Slot> deletes = new ConcurrentLinkedQueue<>();
    private volatile Rest rest = Rest.NONE;
    private volatile boolean stopping;
    private @Nullable Thread writer;
    private @Nullable Thread allocator;

    JournalThreads(SegmentJournal journal, SegmentSpace space, JournalLimits limits) {
        this.journal = journal;
        this.space = space;
        this.limits = limits;
    }

    void start() {
        Thread w = Thread.ofPlatform().name("journal").unstarted(this::write);
        Thread a = Thread.ofPlatform().name("journal-space").daemon().unstarted(this::allocate);
        writer = w;
        allocator = a;
        w.start();
        a.start();
    }

    /** Wakes the writer; for a mark only when it rests for long. */
    void handedIn(boolean mark) {
        Rest now = rest;
        if (now == Rest.LONG || now == Rest.SHORT && !mark) {
            rest = Rest.NONE;
            LockSupport.unpark(writer);
        }
    }

    private void write() {
        while (true) {
            if (journal.appendWaits() || stopping) {
                if (journal.step() == 0 && stopping && !journal.waits()) {
                    return;
                }
            } else if (journal.waits()) {
                rest = Rest.SHORT;
                if (!journal.appendWaits()) {
                    LockSupport.parkNanos(this, limits.markDelay().toNanos());
                }
                rest = Rest.NONE;
                journal.step();
            } else {
                rest = Rest.LONG;
                if (!journal.waits() && !stopping) {
                    LockSupport.park(this);
                }
                rest = Rest.NONE;
            }
        }
    }

    void spaceUsed() {
        LockSupport.unpark(allocator);
    }

    /** Deletes a slot that is not needed, now or by the thread for it. */
    void delete(Slot slot) {
        if (allocator == null) {
            space.delete(slot);
        } else {
            deletes.add(slot);
            spaceUsed();
        }
    }

    private void allocate() {
        while (!stopping) {
            Slot dead = deletes.poll();
            if (dead != null) {
                space.delete(dead);
            } else if (!space.allocateOne()) {
                LockSupport.parkNanos(this, limits.spaceRetry().toNanos());
            }
        }
    }

    void stop(long nanos) {
        stopping = true;
        LockSupport.unpark(writer);
        LockSupport.unpark(allocator);
        join(writer, nanos);
        join(allocator, nanos);
    }

    private static void join(@Nullable Thread thread, long nanos) {
        if (thread == null || thread.equals(Thread.currentThread())) {
            return;
        }
        try {
            thread.join(java.time.Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
