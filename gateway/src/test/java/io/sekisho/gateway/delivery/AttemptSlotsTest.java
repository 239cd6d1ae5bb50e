package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AttemptSlotsTest {
    private static final int TOTAL = 8;
    private static final int SHARE = 6;
    private static final DeliveryLimits LIMITS = DeliveryLimits.DEFAULT.with(4, TOTAL);

    private final AttemptSlots slots = new AttemptSlots(LIMITS);

    private static DeliveryLane lane(int tenant, String domain) {
        return new DeliveryLane(new LaneKey(new UUID(0, tenant), new Destination.Customer(domain)), LIMITS);
    }

    @Test
    void slowLanesLeaveAQuarterToQuickOnes() {
        for (int i = 0; i < SHARE; i++) {
            assertTrue(slots.take(lane(i, "slow.example"), true));
        }
        assertFalse(slots.take(lane(8, "slow.example"), true));
        assertTrue(slots.take(lane(9, "quick.example"), false));
        assertTrue(slots.take(lane(10, "quick.example"), false));
        assertFalse(slots.take(lane(11, "quick.example"), false), "there are no more than " + TOTAL);
        assertEquals(TOTAL, slots.running());
    }

    @Test
    void oneTenantLeavesAQuarterToOthers() {
        for (int i = 0; i < SHARE; i++) {
            assertTrue(slots.take(lane(1, "d" + i + ".example"), false));
        }
        assertFalse(slots.take(lane(1, "one-more.example"), false));
        assertTrue(slots.take(lane(2, "other.example"), false));
    }

    @Test
    void tenantsTakeTurnsAndSoDoTheirLanes() {
        List<DeliveryLane> running = new ArrayList<>();
        for (int i = 0; i < TOTAL; i++) {
            running.add(lane(100 + i, "busy.example"));
            assertTrue(slots.take(running.get(i), false));
        }
        DeliveryLane first = lane(1, "a.example");
        DeliveryLane second = lane(1, "b.example");
        DeliveryLane third = lane(1, "c.example");
        DeliveryLane others = lane(2, "d.example");
        for (DeliveryLane lane : List.of(first, second, third, others, first)) {
            assertFalse(slots.take(lane, false));
        }
        assertNull(slots.next(), "nothing is free");
        List<DeliveryLane> turns = new ArrayList<>();
        for (DeliveryLane lane : running.subList(0, 4)) {
            slots.free(lane, false);
            DeliveryLane next = Objects.requireNonNull(slots.next());
            turns.add(next);
            assertTrue(slots.take(next, false));
        }
        assertEquals(List.of(first, others, second, third), turns);
        slots.free(running.getLast(), false);
        assertNull(slots.next(), "each waited once");
    }

    @Test
    void whoWaitsForASlowSlotDoesNotKeepQuickOnesWaiting() {
        DeliveryLane slow = lane(1, "slow.example");
        for (int i = 0; i < SHARE; i++) {
            assertTrue(slots.take(lane(10 + i, "slow.example"), true));
        }
        assertFalse(slots.take(slow, true));
        DeliveryLane quick = lane(2, "quick.example");
        assertTrue(slots.take(quick, false));
        assertTrue(slots.take(quick, false));
        DeliveryLane waits = lane(3, "quick.example");
        assertFalse(slots.take(waits, false));
        slots.free(quick, false);
        assertSame(waits, slots.next());
        assertTrue(slots.take(waits, false));
        slots.free(quick, false);
        assertNull(slots.next(), "the slot that is free is not for slow ones");
        slots.free(slow, true);
        assertSame(slow, slots.next());
    }

    @Test
    void slowAndQuickOnesTakeTurnsWhenBothMay() {
        DeliveryLane quick = lane(1, "q.example");
        DeliveryLane slow = lane(2, "s.example");
        for (int i = 0; i < TOTAL; i++) {
            assertTrue(slots.take(lane(10 + i, "busy.example"), false));
        }
        List<DeliveryLane> turns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            assertFalse(slots.take(quick, false));
            assertFalse(slots.take(slow, true));
            slots.free(lane(10 + i, "busy.example"), false);
            turns.add(Objects.requireNonNull(slots.next()));
            assertTrue(slots.take(lane(20 + i, "busy.example"), false));
        }
        assertEquals(2, turns.stream().filter(lane -> lane == slow).count());
        assertEquals(2, turns.stream().filter(lane -> lane == quick).count());
    }
}
