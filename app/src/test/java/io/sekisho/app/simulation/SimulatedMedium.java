package io.sekisho.app.simulation;

import io.sekisho.platform.journal.JournalLimits;
import io.sekisho.platform.journal.SegmentJournal;
import io.sekisho.testkit.disk.SimulatedDisk;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The journal's disk and the journal on it. */
final class SimulatedMedium {
    private static final JournalLimits LIMITS = new JournalLimits(
            64 << 10,
            16 << 20,
            5000,
            16 << 10,
            24 << 10,
            3,
            5,
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private final RandomGenerator random;
    final SimulatedDisk disk;

    SimulatedMedium(RandomGenerator random, Faults faults) {
        this.random = random;
        this.disk = new SimulatedDisk(random, faults::place);
    }

    SegmentJournal journal(InstantSource clock) {
        return new SegmentJournal(disk, clock, random, LIMITS);
    }

    void crash() {
        disk.crash();
    }

    void full(boolean now) {
        disk.full(now);
    }

    void failNextSync() {
        disk.failNextSync();
    }

    void heal() {
        disk.full(false);
    }
}
