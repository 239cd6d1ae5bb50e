package io.sekisho.gateway.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.Filing;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.Settlement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JournalledMessageTest {
    private static final Instant NOW = TestMessages.NOW;
    private static final LaneKey ONE = new LaneKey(new UUID(0, 7), new Destination.Customer("mx1.example"));
    private static final LaneKey TWO = new LaneKey(new UUID(0, 7), new Destination.Customer("mx2.example"));
    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);
    private static final DeliveryOutcome DELIVERED = new DeliveryOutcome.Delivered(NOW, "250 2.0.0 ok", "mx1.example");
    private static final DeliveryOutcome RETURNED = new DeliveryOutcome.Returned(NOW);

    private final JournalledMessage message = new TestMessages().journalled(ONE, TWO, ONE);

    private static List<Settlement.Item> items(@Nullable Claimed claimed, DeliveryOutcome outcome) {
        assertNotNull(claimed);
        return claimed.recipients().stream()
                .map(r -> new Settlement.Item(claimed.facts().id(), r.number(), claimed.lease(), 1, outcome))
                .toList();
    }

    private static DeliveryOutcome deferred() {
        return new DeliveryOutcome.Deferred(NOW, "451 later", NOW.plusSeconds(60));
    }

    @Test
    void aLeaseTakesTheRecipientsOfOneLaneOnce() {
        Claimed claimed = message.lease(ONE, FIRST);
        assertNotNull(claimed);
        assertEquals(
                List.of(0, 2),
                claimed.recipients().stream().map(r -> r.number()).toList());
        assertNull(message.lease(ONE, SECOND));
    }

    @Test
    void itHasEndedWhenAllRecipientsHave() {
        message.apply(items(message.lease(ONE, FIRST), DELIVERED), 1);
        assertFalse(message.ended());
        message.apply(items(message.lease(TWO, SECOND), DELIVERED), 2);
        assertTrue(message.ended());
        assertEquals(List.of(1L, 2L), message.marks());
    }

    @Test
    void whatWasReturnedWaitsForAnAttemptAgain() {
        message.apply(items(message.lease(ONE, FIRST), RETURNED), Settlement.UNMARKED);
        assertNotNull(message.lease(ONE, SECOND));
        assertEquals(List.of(), message.marks());
    }

    @Test
    void whatWasPutOffWaitsAgainWhenItIsDue() {
        message.apply(items(message.lease(ONE, FIRST), deferred()), 1);
        assertTrue(message.deferred());
        assertFalse(message.retry(NOW.plusSeconds(59)));
        assertNull(message.lease(ONE, SECOND));
        assertTrue(message.retry(NOW.plusSeconds(60)));
        Claimed again = message.lease(ONE, SECOND);
        assertNotNull(again);
        assertEquals(List.of(1, 1), again.attempts());
    }

    @Test
    void anOutcomeWithAnOldLeaseChangesNothing() {
        List<Settlement.Item> late = items(message.lease(ONE, FIRST), DELIVERED);
        message.apply(
                late.stream()
                        .map(i -> new Settlement.Item(i.message(), i.recipient(), i.lease(), 1, RETURNED))
                        .toList(),
                Settlement.UNMARKED);
        message.lease(ONE, SECOND);
        message.apply(late, 1);
        assertFalse(message.deferred());
        Filing filing = message.beginFiling();
        assertEquals(SECOND, filing.rows().getFirst().lease());
        assertNull(filing.rows().getFirst().outcome());
    }

    @Test
    void noAttemptBeginsWhileItIsFiled() {
        message.beginFiling();
        assertNull(message.lease(ONE, FIRST));
        message.notFiled(false);
        assertNotNull(message.lease(ONE, FIRST));
    }

    @Test
    void noAttemptBeginsWhileItIsNotKnownWhetherItIsFiled() {
        message.beginFiling();
        message.notFiled(true);
        assertNull(message.lease(ONE, FIRST));
    }

    @Test
    void anOutcomeThatCameWhileItWasFiledIsHandedOn() {
        Claimed claimed = message.lease(ONE, FIRST);
        Filing filing = message.beginFiling();
        assertEquals(FIRST, filing.rows().getFirst().lease());
        assertTrue(message.apply(items(claimed, DELIVERED), 1));
        List<Settlement.Item> late = message.filed();
        assertEquals(items(claimed, DELIVERED), late);
        assertFalse(message.apply(items(claimed, DELIVERED), 2), "the database is asked now");
    }
}
