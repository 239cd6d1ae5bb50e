package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.spool.TestMessages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryLaneTest {
    private static final Instant NOW = TestMessages.NOW;
    private static final LaneKey KEY = new LaneKey(new UUID(0, 7), new Destination.Customer("mx.example"));
    private static final int PER_LANE = 8;

    private static final Duration QUICK = Duration.ofMillis(10);

    private final DeliveryLane lane = lane(PER_LANE);
    private final TestMessages messages = new TestMessages();

    private static DeliveryLane lane(int first) {
        return new DeliveryLane(
                KEY,
                new DeliveryLimits(
                        PER_LANE,
                        first,
                        100,
                        Duration.ofSeconds(3),
                        20,
                        10,
                        3,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5),
                        100,
                        Duration.ofSeconds(2)));
    }

    private void fresh(int n) {
        for (int i = 0; i < n; i++) {
            lane.offer(messages.journalled(KEY));
        }
    }

    private void backlog(int n) {
        List<Claimed> claimed = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Claimed one = messages.journalled(KEY).lease(KEY, UUID.randomUUID());
            assertNotNull(one);
            claimed.add(one);
        }
        lane.claimed(claimed, false);
    }

    private @Nullable Work next(Instant now) {
        return lane.next(now, UUID::randomUUID, claimed -> new Work(claimed, TestMessages.content(), false));
    }

    /** All that may run at once. */
    private List<Work> running(Instant now) {
        List<Work> running = new ArrayList<>();
        Work work;
        while ((work = next(now)) != null) {
            running.add(work);
        }
        return running;
    }

    private static long ofFresh(List<Work> running) {
        return running.stream().filter(Work::fresh).count();
    }

    @Test
    void freshMailTakesAllAttemptsWhileNothingElseIsDue() {
        fresh(20);
        assertEquals(PER_LANE, ofFresh(running(NOW)));
    }

    @Test
    void freshMailTakesHalfOfTheAttemptsWhileABacklogIsDue() {
        fresh(20);
        backlog(20);
        List<Work> running = running(NOW);
        assertEquals(PER_LANE, running.size());
        assertEquals(PER_LANE / 2, ofFresh(running));
    }

    @Test
    void anAttemptThatIsDoneMakesRoomForOneOfItsKind() {
        fresh(20);
        backlog(20);
        List<Work> running = running(NOW);
        lane.done(running.stream().filter(Work::fresh).findFirst().orElseThrow(), QUICK, NOW);
        Work next = next(NOW);
        assertNotNull(next);
        assertTrue(next.fresh());
        assertNull(next(NOW));
    }

    @Test
    void aHopThatWasDownIsAskedOnceAndThenTwiceAsOften() {
        fresh(20);
        Instant later = NOW.plusSeconds(15);
        lane.unreachable(NOW, later);
        assertEquals(List.of(), running(NOW.plusSeconds(14)));
        List<Work> running = running(later);
        assertEquals(1, running.size());
        for (int allowed = 2; allowed <= PER_LANE; allowed *= 2) {
            assertTrue(lane.reached(later));
            running.addAll(running(later));
            assertEquals(allowed, running.size());
        }
        assertFalse(lane.reached(later), "it is not more than it was before");
    }

    @Test
    void attemptsThatFailTogetherCountOnce() {
        lane.unreachable(NOW, NOW.plusSeconds(15));
        lane.unreachable(NOW.plusSeconds(1), NOW.plusSeconds(30));
        assertEquals(1, lane.failures());
        assertEquals(NOW.plusSeconds(15), lane.backoffUntil());
    }

    @Test
    void nothingIsClaimedWhileTheHopIsLeftAloneOrEnoughWaits() {
        assertEquals(20, lane.wanted(NOW));
        backlog(PER_LANE);
        assertEquals(0, lane.wanted(NOW));
        assertEquals(PER_LANE, lane.giveBack().size());
        Instant until = NOW.plusSeconds(15);
        lane.unreachable(NOW, until);
        assertEquals(0, lane.wanted(NOW));
        assertEquals(4, lane.wanted(until), "four for each attempt at once");
    }

    @Test
    void itMovesForAWhileAfterASuccess() {
        lane.reached(NOW);
        assertTrue(lane.moving(NOW.plusSeconds(1)));
        assertFalse(lane.moving(NOW.plusSeconds(2)));
        lane.reached(NOW);
        lane.unreachable(NOW.plusSeconds(1), NOW.plusSeconds(15));
        assertFalse(lane.moving(NOW.plusSeconds(1)));
    }

    @Test
    void aLaneThatFailedIsRememberedEvenWhenNothingWaits() {
        assertTrue(lane.idle());
        lane.unreachable(NOW, NOW.plusSeconds(15));
        assertFalse(lane.idle());
    }

    @Test
    void aLaneOfWhichNothingIsKnownBeginsWithFewAttempts() {
        DeliveryLane unknown = lane(2);
        for (int i = 0; i < 20; i++) {
            unknown.offer(messages.journalled(KEY));
        }
        for (int allowed = 2; allowed <= PER_LANE; allowed *= 2) {
            int running = 0;
            while (unknown.next(NOW, UUID::randomUUID, claimed -> new Work(claimed, TestMessages.content(), false))
                    != null) {
                running++;
            }
            assertEquals(allowed == 2 ? 2 : allowed / 2, running, "begun when " + allowed + " are allowed");
            unknown.reached(NOW);
        }
    }

    @Test
    void itIsSlowWhenTheLastAttemptWasOrWhenNoneEnds() {
        fresh(3);
        Work first = next(NOW);
        Work second = next(NOW.plusSeconds(1));
        assertNotNull(first);
        assertNotNull(second);
        assertFalse(lane.slow(NOW.plusMillis(2999)));
        assertTrue(lane.slow(NOW.plusSeconds(3)), "nothing has ended for three seconds");
        lane.done(first, Duration.ofSeconds(3), NOW.plusSeconds(3));
        assertTrue(lane.slow(NOW.plusSeconds(4)), "the last one took three");
        lane.done(second, QUICK, NOW.plusSeconds(5));
        assertFalse(lane.slow(NOW.plusSeconds(60)), "nothing runs and the last one was quick");
    }

    @Test
    void nothingIsReadyThatCannotBegin() {
        assertFalse(lane.ready(NOW));
        fresh(PER_LANE + 1);
        assertTrue(lane.ready(NOW));
        assertEquals(PER_LANE, running(NOW).size());
        assertFalse(lane.ready(NOW));
    }
}
