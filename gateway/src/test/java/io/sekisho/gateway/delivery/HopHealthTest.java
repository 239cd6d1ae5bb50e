package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.spool.TestMessages;
import io.sekisho.smtp.client.NextHop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HopHealthTest {
    private static final Instant NOW = TestMessages.NOW;
    private static final NextHop HOP = new NextHop("mx.example", 25);
    private static final NextHop OTHER = new NextHop("mx2.example", 25);

    private final HopHealth health = new HopHealth(DeliveryLimits.DEFAULT);

    @Test
    void theWaitDoublesUpToItsBound() {
        List<Long> waits = new ArrayList<>();
        Instant now = NOW;
        for (int i = 0; i < 7; i++) {
            HopHealth.Change change = health.unreachable(HOP, now);
            assertEquals(i + 1, change.failures());
            waits.add(Duration.between(now, change.until()).toSeconds());
            now = change.until();
        }
        assertEquals(List.of(15L, 30L, 60L, 120L, 240L, 300L, 300L), waits);
    }

    @Test
    void aServerThatIsDownIsLeftAloneAndThenAskedByOne() {
        Instant until = health.unreachable(HOP, NOW).until();
        assertFalse(health.mayAsk(HOP, until.minusMillis(1)));
        assertTrue(health.mayAsk(OTHER, until.minusMillis(1)));
        assertTrue(health.mayAsk(HOP, until));
        assertFalse(health.mayAsk(HOP, until), "one asks it already");
        assertTrue(health.reached(HOP));
        assertTrue(health.mayAsk(HOP, until));
        assertFalse(health.reached(HOP), "that is no news");
    }

    @Test
    void attemptsThatFailTogetherCountOnce() {
        HopHealth.Change first = health.unreachable(HOP, NOW);
        HopHealth.Change second = health.unreachable(HOP, NOW.plusSeconds(1));
        assertEquals(0, second.failures());
        assertEquals(first.until(), second.until());
    }

    @Test
    void anAttemptThatBrokeLetsAnotherAsk() {
        Instant until = health.unreachable(HOP, NOW).until();
        assertTrue(health.mayAsk(HOP, until));
        health.notAsked(HOP);
        assertTrue(health.mayAsk(HOP, until));
    }

    @Test
    void serversNobodyAsksAnyMoreAreForgotten() {
        for (int i = 0; i < DeliveryLimits.DEFAULT.hopsRemembered(); i++) {
            health.unreachable(new NextHop("old" + i + ".example", 25), NOW);
        }
        Instant later = NOW.plus(Duration.ofHours(1));
        health.unreachable(HOP, later);
        assertEquals(Instant.EPOCH, health.until(new NextHop("old1.example", 25)));
        assertFalse(health.mayAsk(HOP, later));
    }
}
