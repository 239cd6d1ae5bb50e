package io.sekisho.testkit.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.platform.journal.DamagedJournalException;
import io.sekisho.platform.journal.FileDisk;
import io.sekisho.platform.journal.Journal;
import io.sekisho.platform.journal.JournalLimits;
import io.sekisho.platform.journal.JournalUnavailableException;
import io.sekisho.platform.journal.SegmentJournal;
import io.sekisho.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentJournalTest {
    private static final JournalLimits SMALL = new JournalLimits(
            16 << 10,
            256 << 10,
            100,
            4 << 10,
            8 << 10,
            3,
            4,
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private static final class Hands implements InstantSource {
        private Instant now = Instant.parse("2026-11-25T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final Hands clock = new Hands();
    private final SplittableRandom random = new SplittableRandom(7);
    private final SimulatedDisk disk = new SimulatedDisk(random, operation -> {});

    private SegmentJournal open() {
        return new SegmentJournal(disk, clock, random, SMALL);
    }

    private static Map<Long, byte[]> replay(Journal journal) throws IOException {
        Map<Long, byte[]> records = new TreeMap<>();
        journal.replay((position, payload) -> {
            byte[] octets = new byte[payload.remaining()];
            payload.get(octets);
            records.put(position, octets);
        });
        return records;
    }

    private static ByteBuffer octets(int seed, int length) {
        byte[] octets = new byte[length];
        new SplittableRandom(seed).nextBytes(octets);
        return ByteBuffer.wrap(octets);
    }

    private SegmentJournal opened() throws IOException {
        SegmentJournal journal = open();
        replay(journal);
        return journal;
    }

    private static void drain(SegmentJournal journal) {
        while (journal.step() > 0) {
            // until nothing waits
        }
    }

    @Test
    void whatIsSyncedIsReplayedAndReadBack() throws Exception {
        SegmentJournal journal = opened();
        Journal.Append one = journal.append(octets(1, 100), octets(2, 900));
        assertFalse(one.durable());
        assertEquals(1, journal.step());
        assertTrue(one.durable());
        one.await();
        assertArrayEquals(
                octets(2, 900).array(),
                journal.content(one.position(), 100, 900, false).open().readAllBytes());
        disk.crash();
        Map<Long, byte[]> records = replay(open());
        assertEquals(List.of(one.position()), List.copyOf(records.keySet()));
        assertEquals(1000, records.get(one.position()).length);
    }

    @Test
    void aTornTailIsCut() throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom chance = new SplittableRandom(seed);
            SimulatedDisk torn = new SimulatedDisk(chance, operation -> {});
            SegmentJournal journal = new SegmentJournal(torn, clock, chance, SMALL);
            replay(journal);
            Journal.Append kept = journal.append(octets(1, 700));
            journal.step();
            journal.append(octets(2, 3000));
            journal.append(octets(3, 3000));
            torn.failNextSync();
            assertEquals(0, journal.step());
            torn.crash();
            Map<Long, byte[]> records = replay(new SegmentJournal(torn, clock, chance, SMALL));
            assertTrue(records.containsKey(kept.position()));
            assertTrue(records.size() <= 3);
        }
    }

    @Test
    void aBadChecksumBeforeTheLastCompleteGroupStopsTheStart() throws Exception {
        SegmentJournal journal = opened();
        for (int i = 0; i < 5; i++) {
            journal.append(octets(i, 500));
            journal.step();
        }
        disk.crash();
        String name = disk.list().stream().filter(this::used).findFirst().orElseThrow();
        // the second record: header, payload, and the header of the segment itself
        for (int at : new int[] {64 + 544 + 4, 64 + 544 + 32, 64 + 544 + 300, 64 + 40}) {
            disk.flip(name, at);
            DamagedJournalException e = assertThrows(DamagedJournalException.class, () -> replay(open()));
            assertTrue(e.toString().contains(name) && e.toString().contains("Restore"), e.toString());
            disk.flip(name, at);
        }
        assertEquals(5, replay(open()).size());
    }

    @Test
    void aDamagedSegmentHeaderStopsTheStart() throws Exception {
        SegmentJournal journal = opened();
        for (int i = 0; i < 3; i++) {
            journal.append(octets(i, 500));
            journal.step();
        }
        disk.crash();
        disk.flip(disk.list().stream().filter(this::used).findFirst().orElseThrow(), 20);
        assertThrows(DamagedJournalException.class, () -> replay(open()));
    }

    private boolean used(String name) {
        return disk.octets(name)[0] != 0;
    }

    @Test
    void aMissingSegmentIsNamed() throws Exception {
        SegmentJournal journal = opened();
        for (int i = 0; i < 30; i++) {
            journal.append(octets(i, 3000));
            journal.step();
        }
        disk.crash();
        List<String> used = disk.list().stream().filter(this::used).toList();
        assertTrue(used.size() > 3);
        disk.delete(used.get(1));
        DamagedJournalException e = assertThrows(DamagedJournalException.class, () -> replay(open()));
        assertTrue(e.toString().contains("missing"), e.toString());
    }

    @Test
    void whenTheDiskIsFullAppendsAreRefusedMarksAreTakenAndItMendsItself() throws Exception {
        SegmentJournal journal = opened();
        disk.full(true);
        JournalUnavailableException refused = null;
        List<Journal.Append> taken = new ArrayList<>();
        for (int i = 0; i < 60 && refused == null; i++) {
            try {
                taken.add(journal.append(octets(i, 3000)));
                drain(journal);
            } catch (JournalUnavailableException e) {
                refused = e;
            }
        }
        assertTrue(String.valueOf(refused).contains("No space left"), String.valueOf(refused));
        Journal.Append mark = journal.mark(octets(1, 2000));
        journal.step();
        assertTrue(mark.durable());
        assertTrue(taken.stream().allMatch(Journal.Append::durable));
        disk.full(false);
        clock.now = clock.now.plusSeconds(2);
        Journal.Append again = journal.append(octets(1, 3000));
        journal.step();
        assertTrue(again.durable());
    }

    @Test
    void beyondItsBoundsAppendsAreRefusedAndMarksAreTaken() throws Exception {
        SegmentJournal journal = opened();
        List<Journal.Append> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            taken.add(journal.append(octets(i, 10)));
        }
        assertThrows(JournalUnavailableException.class, () -> journal.append(octets(1, 10)));
        drain(journal);
        Journal.Append mark = journal.mark(octets(1, 10));
        journal.step();
        assertTrue(mark.durable());
        taken.forEach(append -> journal.release(append.position()));
        assertTrue(journal.append(octets(1, 10)).position() > mark.position());
        assertEquals(2, journal.usage().records());
    }

    @Test
    void aFailedSyncFailsItsRecordsAndTheJournalGoesOnElsewhere() throws Exception {
        SegmentJournal journal = opened();
        Journal.Append before = journal.append(octets(1, 100));
        journal.step();
        Journal.Append failed = journal.append(octets(2, 100));
        disk.failNextSync();
        journal.step();
        assertThrows(JournalUnavailableException.class, failed::await);
        Journal.Append after = journal.append(octets(3, 100));
        journal.step();
        assertTrue(after.durable());
        disk.crash();
        Map<Long, byte[]> records = replay(open());
        assertEquals(List.of(before.position(), after.position()), List.copyOf(records.keySet()));
    }

    @Test
    void releasingTwiceIsHarmless() throws Exception {
        SegmentJournal journal = opened();
        Journal.Append one = journal.append(octets(1, 100));
        journal.append(octets(2, 100));
        journal.step();
        journal.release(one.position());
        journal.release(one.position());
        journal.release(12345);
        assertEquals(1, journal.usage().records());
    }

    @Test
    void theJournalOfAnotherProcessIsLeftAlone(@TempDir Path folder) throws Exception {
        try (FileDisk first = FileDisk.open(folder)) {
            assertFalse(first.list().isEmpty());
            IOException e = assertThrows(IOException.class, () -> FileDisk.open(folder));
            assertTrue(e.toString().contains("another process"), e.toString());
        }
    }

    @Test
    void manyAppendersShareSyncsAndEachIsDurableWhenItsWaitIsOver(@TempDir Path folder) throws Exception {
        int appenders = 16;
        int each = 200;
        AtomicInteger durable = new AtomicInteger();
        try (FileDisk files = FileDisk.open(folder);
                SegmentJournal journal = new SegmentJournal(
                        files, Clock.systemUTC(), random, JournalLimits.DEFAULT.with(1L << 30, 100_000))) {
            replay(journal);
            journal.start();
            CountDownLatch done = new CountDownLatch(appenders);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int a = 0; a < appenders; a++) {
                    int number = a;
                    threads.execute(() -> {
                        try {
                            for (int i = 0; i < each; i++) {
                                journal.append(octets(number * each + i, 2000)).await();
                                durable.incrementAndGet();
                            }
                        } catch (JournalUnavailableException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        } finally {
                            done.countDown();
                        }
                    });
                }
                assertTrue(done.await(60, TimeUnit.SECONDS));
            }
            assertEquals(appenders * each, durable.get());
        }
        try (FileDisk files = FileDisk.open(folder)) {
            assertEquals(
                    appenders * each,
                    replay(new SegmentJournal(
                                    files, Clock.systemUTC(), random, JournalLimits.DEFAULT.with(1L << 30, 100_000)))
                            .size());
        }
    }
}
