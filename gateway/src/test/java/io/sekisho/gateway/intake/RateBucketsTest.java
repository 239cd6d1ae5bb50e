package io.sekisho.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RateBucketsTest {
    private static final int PLACES = 1024;
    private static final long KEY = 0x1234_5678_9abc_def0L;

    private final RateBuckets buckets = new RateBuckets(PLACES);

    @Property(tries = 300)
    void aMinutesMessagesAtOnceAndNotOneMore(@ForAll @IntRange(min = 1, max = 5000) int limit, @ForAll long now) {
        var fresh = new RateBuckets(PLACES);
        for (int i = 0; i < limit; i++) {
            assertEquals(0, fresh.take(KEY, limit, now));
        }
        assertTrue(fresh.take(KEY, limit, now) > 0);
    }

    /** Whenever messages come, those within any minute are at most twice the limit, and in the long run the limit. */
    @Property(tries = 300)
    void noMinuteHasMoreThanTwiceTheLimit(
            @ForAll @IntRange(min = 1, max = 60) int limit,
            @ForAll long start,
            @ForAll @Size(min = 1, max = 400) List<@LongRange(min = 0, max = 3_000_000_000L) Long> gaps) {
        var fresh = new RateBuckets(PLACES);
        var lastMinute = new ArrayDeque<Long>();
        long now = start;
        int taken = 0;
        for (long gap : gaps) {
            now += gap;
            if (fresh.take(KEY, limit, now) == 0) {
                taken++;
                lastMinute.add(now);
            }
            while (!lastMinute.isEmpty() && now - lastMinute.getFirst() >= RateBuckets.MINUTE) {
                lastMinute.removeFirst();
            }
            assertTrue(lastMinute.size() <= 2 * limit, lastMinute.size() + " within a minute");
        }
        long most = limit + (now - start) / (RateBuckets.MINUTE / limit);
        assertTrue(taken <= most, taken + " taken, not " + most);
    }

    /** The wait that is said is the right one: then a message is taken, and none before. */
    @Property(tries = 300)
    void afterTheWaitAMessageIsTakenAndNotBefore(
            @ForAll @IntRange(min = 1, max = 20_000) int limit,
            @ForAll long start,
            @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 1_000_000L) Long> gaps) {
        var fresh = new RateBuckets(PLACES);
        long now = start;
        long wait = 0;
        for (int i = 0; wait == 0 && i < 100_000; i++) {
            now += i < gaps.size() ? gaps.get(i) : 0;
            wait = fresh.take(KEY, limit, now);
        }
        assertTrue(wait > 0 && wait <= RateBuckets.MINUTE, "wait " + wait);
        assertTrue(fresh.take(KEY, limit, now + wait - 1) > 0);
        assertEquals(0, fresh.take(KEY, limit, now + wait));
    }

    /** Who keeps to the limit is never put off, however long it goes on. */
    @Property(tries = 200)
    void whoKeepsToTheLimitIsNeverPutOff(
            @ForAll @IntRange(min = 1, max = 1_000_000) int limit, @ForAll long start, @ForAll long seed) {
        var fresh = new RateBuckets(PLACES);
        var random = new SplittableRandom(seed);
        long now = start;
        for (int i = 0; i < 500; i++) {
            assertEquals(0, fresh.take(KEY, limit, now));
            now += RateBuckets.MINUTE / limit + random.nextLong(1 + RateBuckets.MINUTE / 1000);
        }
    }

    @Property(tries = 100)
    void whatIsGivenBackDoesNotCount(@ForAll @IntRange(min = 1, max = 500) int limit, @ForAll long now) {
        var fresh = new RateBuckets(PLACES);
        for (int i = 0; i < 3 * limit; i++) {
            assertEquals(0, fresh.take(KEY, limit, now));
            fresh.giveBack(KEY, limit);
        }
        for (int i = 0; i < limit; i++) {
            assertEquals(0, fresh.take(KEY, limit, now));
        }
        assertTrue(fresh.take(KEY, limit, now) > 0);
        fresh.giveBack(KEY, limit);
        assertEquals(0, fresh.take(KEY, limit, now));
    }

    @Test
    void keysAreCountedEachByItself() {
        for (long key : new long[] {0, 1, KEY, -1, Long.MIN_VALUE, 64, 1L << 32}) {
            if (key != 1) {
                assertEquals(0, buckets.take(key, 1, -5));
            }
            assertTrue(buckets.take(key, 1, -5) > 0, "key " + key);
        }
    }

    @Test
    void anotherLimitHoldsAtOnce() {
        for (int i = 0; i < 300; i++) {
            assertEquals(0, buckets.take(KEY, 300, 0));
        }
        assertTrue(buckets.take(KEY, 300, 0) > 0);
        assertTrue(buckets.take(KEY, 10, RateBuckets.MINUTE / 60) > 0);
        assertEquals(0, buckets.take(KEY, 1_000_000, RateBuckets.MINUTE / 60));
    }

    @Test
    void aHarvestOfAMillionKeysNeitherEatsMemoryNorFreesWhoIsAtTheLimit() {
        var random = new SplittableRandom(1);
        long[] heavy = random.longs(100).toArray();
        for (long key : heavy) {
            for (int i = 0; i < 300; i++) {
                assertEquals(0, buckets.take(key, 300, 0));
            }
        }
        // 100,000 a second: a hundred times as many keys are alive at once as there are places
        for (int i = 0; i < 1_000_000; i++) {
            assertEquals(0, buckets.take(random.nextLong(), 60, i * 10_000L));
        }
        long end = 1_000_000 * 10_000L;
        assertTrue(buckets.counting(end) <= PLACES);
        for (long key : heavy) {
            int again = 0;
            while (again < 300 && buckets.take(key, 300, end) == 0) {
                again++;
            }
            assertEquals(end / (RateBuckets.MINUTE / 300), again, "what ten seconds have made up for, and no more");
        }
    }

    @Test
    void atTheBoundTheBucketThatIsFullSoonestGivesItsPlaceUp() {
        // seventeen keys that share sixteen places, the second one with the fewest messages
        for (int i = 0; i < 16; i++) {
            for (int n = 0; n < (i == 1 ? 1 : 2 + i); n++) {
                assertEquals(0, buckets.take(64L * (i + 1), 20, 0));
            }
        }
        assertEquals(16, buckets.counting(0));
        assertEquals(0, buckets.take(64L * 17, 20, 0));
        assertEquals(16, buckets.counting(0));
        for (int n = 0; n < 19; n++) {
            assertEquals(0, buckets.take(64L * 17, 20, 0), "it is counted from its first message on");
        }
        assertTrue(buckets.take(64L * 17, 20, 0) > 0);
        for (int n = 0; n < 20 - 17; n++) {
            assertEquals(0, buckets.take(64L * 16, 20, 0));
        }
        assertTrue(buckets.take(64L * 16, 20, 0) > 0, "who has brought most is counted on");
    }

    @Test
    void manyThreadsTogetherGetTheLimit() throws Exception {
        var taken = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> sender = () -> {
                for (int i = 0; i < 2000; i++) {
                    if (buckets.take(KEY, 5000, 7) == 0) {
                        taken.incrementAndGet();
                    }
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(java.util.Collections.nCopies(16, sender))) {
                done.get();
            }
        }
        assertEquals(5000, taken.get());
    }

    @Test
    void theBoundIsAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new RateBuckets(1000));
        assertThrows(IllegalArgumentException.class, () -> new RateBuckets(512));
        assertThrows(IllegalArgumentException.class, () -> new RateBuckets(3 * 1024));
    }
}
