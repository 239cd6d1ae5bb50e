package io.sekisho.testkit.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.platform.journal.Journal;
import io.sekisho.platform.journal.JournalLimits;
import io.sekisho.platform.journal.JournalUnavailableException;
import io.sekisho.platform.journal.SegmentJournal;
import io.sekisho.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random lives of a journal, with power cuts inside writes and syncs: nothing durable is lost, nothing is invented. */
class SegmentJournalStoriesTest {
    private static final JournalLimits LIMITS = new JournalLimits(
            8 << 10,
            512 << 10,
            1000,
            2 << 10,
            4 << 10,
            3,
            4,
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final class Story implements InstantSource {
        final SplittableRandom random;
        final SimulatedDisk disk;
        final Map<Long, byte[]> handedIn = new HashMap<>();
        final TreeMap<Long, Journal.Append> pending = new TreeMap<>();
        final TreeMap<Long, byte[]> mustBeThere = new TreeMap<>();
        int cutIn = -1;
        Instant now = Instant.EPOCH;
        SegmentJournal journal;

        Story(long seed) throws IOException {
            random = new SplittableRandom(seed);
            disk = new SimulatedDisk(random, operation -> {
                if (cutIn >= 0 && cutIn-- == 0) {
                    throw new PowerCut();
                }
            });
            journal = new SegmentJournal(disk, this, random, LIMITS);
            replay();
        }

        @Override
        public Instant instant() {
            return now;
        }

        void step() throws IOException {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> append(random.nextInt(5) == 0);
                case 4, 5, 6 -> sync();
                case 7, 8, 9 -> release();
                case 10 -> {
                    switch (random.nextInt(4)) {
                        case 0 -> disk.failNextSync();
                        case 1 -> disk.failNextWrite();
                        case 2 -> disk.full(true);
                        default -> disk.full(false);
                    }
                    now = now.plusSeconds(2);
                }
                default -> {
                    if (random.nextInt(3) == 0) {
                        cutIn = random.nextInt(8);
                    }
                }
            }
        }

        void append(boolean mark) {
            byte[] octets = new byte[random.nextInt(1500)];
            random.nextBytes(octets);
            try {
                Journal.Append append =
                        mark ? journal.mark(ByteBuffer.wrap(octets)) : journal.append(ByteBuffer.wrap(octets));
                handedIn.put(append.position(), octets);
                pending.put(append.position(), append);
            } catch (JournalUnavailableException e) {
                now = now.plusSeconds(1);
            }
        }

        void sync() {
            journal.step();
            pending.values().removeIf(append -> {
                if (append.durable()) {
                    mustBeThere.put(append.position(), handedIn.getOrDefault(append.position(), new byte[0]));
                    return true;
                }
                return false;
            });
        }

        void release() {
            if (!mustBeThere.isEmpty()) {
                long position = random.nextBoolean() ? mustBeThere.firstKey() : mustBeThere.lastKey();
                journal.release(position);
                mustBeThere.remove(position);
            }
        }

        void crash() throws IOException {
            cutIn = -1;
            pending.values().stream()
                    .filter(Journal.Append::durable)
                    .forEach(append ->
                            mustBeThere.put(append.position(), handedIn.getOrDefault(append.position(), new byte[0])));
            pending.clear();
            if (random.nextInt(3) == 0) {
                disk.kill();
            } else {
                disk.crash();
            }
            journal = new SegmentJournal(disk, this, random, LIMITS);
            replay();
        }

        void replay() throws IOException {
            List<Long> order = new ArrayList<>();
            TreeMap<Long, byte[]> found = new TreeMap<>();
            journal.replay((position, payload) -> {
                byte[] octets = new byte[payload.remaining()];
                payload.get(octets);
                order.add(position);
                found.put(position, octets);
            });
            for (int i = 1; i < order.size(); i++) {
                assertTrue(order.get(i - 1) < order.get(i), "oldest first");
            }
            for (Map.Entry<Long, byte[]> record : found.entrySet()) {
                byte[] original = handedIn.get(record.getKey());
                assertTrue(original != null, "a record that nobody handed in");
                assertArrayEquals(original, record.getValue());
            }
            for (long position : mustBeThere.keySet()) {
                assertTrue(found.containsKey(position), "a durable record is lost");
            }
            // what reappears is there again, and is released again by whoever looks it up
            handedIn.keySet().retainAll(found.keySet());
            for (long position : found.keySet()) {
                if (!mustBeThere.containsKey(position)) {
                    journal.release(position);
                }
            }
        }
    }

    @Test
    void nothingDurableIsLostAndNothingIsInvented() throws IOException {
        for (long seed = 0; seed < 400; seed++) {
            Story story = new Story(seed);
            try {
                for (int i = 0; i < 300; i++) {
                    try {
                        story.step();
                    } catch (PowerCut cut) {
                        story.crash();
                    }
                }
                story.crash();
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
        }
    }
}
