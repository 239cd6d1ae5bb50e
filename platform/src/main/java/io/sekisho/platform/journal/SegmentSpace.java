package io.sekisho.platform.journal;

import io.sekisho.platform.journal.Segment.Slot;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are not in use. Guarded by the journal's lock, except {@link #allocate}, which writes a whole segment and is
 * called by one thread at a time without it.
 */
final class SegmentSpace {
    private static final String PREFIX = "slot-";

    private final Disk disk;
    private final InstantSource clock;
    private final JournalLimits limits;
    private final Deque<Slot> spares = new ArrayDeque<>();
    private int nextName;
    private Instant retryAt = Instant.EPOCH;
    private @Nullable String failure;

    SegmentSpace(Disk disk, InstantSource clock, JournalLimits limits) {
        this.disk = disk;
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

    /** @return true when the slot is kept, false when there are enough and the caller is to delete it */
    boolean giveBack(Slot slot) {
        if (spares.size() >= limits.maxSpares()) {
            return false;
        }
        spares.add(slot);
        return true;
    }

    boolean wanting() {
        return spares.size() < limits.spares();
    }

    /** Whether an allocation may be tried now. */
    boolean mayAllocate() {
        return !clock.instant().isBefore(retryAt);
    }

    /** Why there is no space, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    String nextName() {
        return "%s%06d".formatted(PREFIX, nextName++);
    }

    /** Makes a slot of this name. @throws IOException when there is no room */
    Slot allocate(String name) throws IOException {
        Slot slot = new Slot(name, disk.open(name, limits.segmentBytes()));
        disk.syncNames();
        return slot;
    }

    void allocated(Slot slot) {
        failure = null;
        spares.add(slot);
    }

    void failed(IOException e) {
        failure = "no room for the journal: " + e.getMessage() + "; free some space on its disk";
        retryAt = clock.instant().plus(limits.spaceRetry());
    }
}
