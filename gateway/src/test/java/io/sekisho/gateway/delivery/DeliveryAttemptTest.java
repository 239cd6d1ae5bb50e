package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.Route;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.spool.TestMessages;
import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.Reason;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.client.Transmission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which servers of a customer are asked, and in which order. */
class DeliveryAttemptTest {
    private static final UUID TENANT = new UUID(0, 7);
    private static final LaneKey LANE = new LaneKey(TENANT, new Destination.Customer("hakone.example"));

    private final TestMessages messages = new TestMessages();
    private final List<String> asked = new ArrayList<>();
    private final Set<String> down = new HashSet<>();
    private final Map<String, Integer> codes = new HashMap<>();
    private final Map<String, Transmission.Lost> lost = new HashMap<>();
    private final List<MailEvent> events = new ArrayList<>();
    private List<Route> routes = List.of(route(10, "first.example"), route(20, "second.example"));
    private Instant now = TestMessages.NOW;
    private final DeliveryAttempt attempt = new DeliveryAttempt(
            (hop, tls, envelope, content) -> send(hop),
            new CustomerHops(this::table, new SplittableRandom(1)),
            new HopHealth(DeliveryLimits.DEFAULT),
            RetrySchedule.INBOUND,
            new TraceField("gate.test"),
            events::add,
            () -> now);

    private static Route route(int preference, String host) {
        return new Route(preference, new NextHop(host, 25));
    }

    private RoutingTable table() {
        return new RoutingTable(List.of(DomainRoute.everyone(new DomainName("hakone.example"), TENANT, routes)));
    }

    private Transmission send(NextHop hop) {
        asked.add(hop.host());
        if (down.contains(hop.host())) {
            return new Transmission.Unreachable(hop + " refused the connection");
        }
        if (lost.containsKey(hop.host())) {
            return lost.get(hop.host());
        }
        int code = codes.getOrDefault(hop.host(), 250);
        return new Transmission.Replied(
                List.of(new RemoteReply(code, new EnhancedStatus(code / 100, 0, 0), "so")), hop.toString());
    }

    private DeliveryAttempt.Result run() {
        asked.clear();
        Claimed claimed = Objects.requireNonNull(messages.journalled(LANE).lease(LANE, new UUID(0, 1)));
        return attempt.run(new Work(claimed, TestMessages.content(), true));
    }

    private DeliveryOutcome outcome() {
        return run().items().getFirst().outcome();
    }

    @Test
    void thePreferredServerGetsTheMail() {
        assertInstanceOf(DeliveryOutcome.Delivered.class, outcome());
        assertEquals(List.of("first.example"), asked);
    }

    @Test
    void theNextOneGetsItAtOnceWhenTheFirstIsDown() {
        down.add("first.example");
        assertInstanceOf(DeliveryOutcome.Delivered.class, outcome());
        assertEquals(List.of("first.example", "second.example"), asked);
        outcome();
        assertEquals(List.of("second.example"), asked, "the first is left alone for a while");
        assertInstanceOf(MailEvent.RouteDown.class, events.getFirst());
    }

    @Test
    void theFirstGetsTheMailAgainWhenItIsBack() {
        down.add("first.example");
        outcome();
        down.clear();
        now = now.plusSeconds(15);
        outcome();
        assertEquals(List.of("first.example"), asked);
        assertEquals(
                1, events.stream().filter(e -> e instanceof MailEvent.RouteUp).count());
    }

    @Test
    void whenAllAreDownTheMailIsAsIfNotTried() {
        down.addAll(List.of("first.example", "second.example"));
        DeliveryAttempt.Result result = run();
        assertFalse(result.reached());
        assertEquals(now.plusSeconds(15), result.again());
        assertInstanceOf(
                DeliveryOutcome.Returned.class, result.items().getFirst().outcome());
        assertEquals(0, result.items().getFirst().attempts());
    }

    @Test
    void aServerThatSaysLaterIsTheAnswer() {
        codes.put("first.example", 451);
        assertInstanceOf(DeliveryOutcome.Deferred.class, outcome());
        assertEquals(List.of("first.example"), asked);
    }

    @Test
    void aServerThatRefusesForGoodIsTheAnswer() {
        codes.put("first.example", 550);
        assertInstanceOf(DeliveryOutcome.Held.class, outcome());
        assertEquals(List.of("first.example"), asked);
    }

    @Test
    void aLostReplyIsTriedAgainAndNeverTakenForADelivery() {
        for (boolean contentSent : new boolean[] {false, true}) {
            lost.put("first.example", new Transmission.Lost("closed the connection", contentSent));
            DeliveryAttempt.Result result = run();
            assertTrue(result.reached(), "the server is there, its lane goes on");
            var deferred = assertInstanceOf(
                    DeliveryOutcome.Deferred.class, result.items().getFirst().outcome());
            assertEquals(now.plusSeconds(60), deferred.next());
            assertEquals(List.of("first.example"), asked, "the next server might get a second copy");
        }
    }

    @Test
    void aServerThatSaysLaterForEverGetsItUntilItsLifetimeEndsAndThenItIsHeld() {
        codes.put("first.example", 451);
        Claimed claimed = Objects.requireNonNull(messages.journalled(LANE).lease(LANE, new UUID(0, 1)));
        List<Long> waits = new ArrayList<>();
        int attempts = 0;
        DeliveryOutcome outcome;
        do {
            var work = new Claimed(
                    claimed.facts(),
                    claimed.lease(),
                    claimed.lane(),
                    claimed.recipients(),
                    List.of(attempts),
                    claimed.expires());
            outcome = attempt.run(new Work(work, TestMessages.content(), false))
                    .items()
                    .getFirst()
                    .outcome();
            attempts++;
            if (outcome instanceof DeliveryOutcome.Deferred deferred) {
                waits.add(deferred.next().getEpochSecond() - now.getEpochSecond());
                now = deferred.next();
            }
        } while (outcome instanceof DeliveryOutcome.Deferred);
        var held = assertInstanceOf(DeliveryOutcome.Held.class, outcome);
        assertEquals(Reason.EXPIRED, held.reason());
        assertTrue(held.detail().startsWith("451 "), held.detail());
        assertEquals(List.of(60L, 300L, 900L, 1800L, 3600L, 7200L, 14400L, 14400L), waits.subList(0, 8));
        assertTrue(now.isBefore(claimed.expires()) && !now.plusSeconds(14400).isBefore(claimed.expires()));
        assertEquals(attempts, asked.size(), "each attempt asks one server once");
        assertEquals(Set.of("first.example"), Set.copyOf(asked));
    }

    @Test
    void serversOfOnePreferenceShareTheMail() {
        routes = List.of(route(10, "a.example"), route(10, "b.example"), route(20, "c.example"));
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            outcome();
            asked.forEach(host -> shares.merge(host, 1, Integer::sum));
        }
        assertEquals(Set.of("a.example", "b.example"), shares.keySet());
        assertTrue(shares.values().stream().allMatch(n -> n > 150), shares.toString());
    }

    @Test
    void aChangedRouteIsInForceForMailThatWaits() {
        outcome();
        routes = List.of(route(10, "new.example"));
        outcome();
        assertEquals(List.of("new.example"), asked);
    }

    @Test
    void mailOfADomainThatIsNotRoutedAnyMoreWaits() {
        routes = List.of();
        assertInstanceOf(DeliveryOutcome.Deferred.class, outcome());
        assertEquals(List.of(), asked);
    }
}
