package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.Filing;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.Node;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.spool.TestMessages;
import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.message.Content;
import io.sekisho.platform.blob.BlobStore;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.client.Transmission;
import io.sekisho.testkit.db.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose turn it is, with attempts that run when the test says so. */
class DispatcherTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));
    private static final Duration SLOWLY = Duration.ofSeconds(10);
    private static final int TOTAL = 8;
    private static final int LANES = 4;
    private static final DeliveryLimits LIMITS = new DeliveryLimits(
            4,
            2,
            TOTAL,
            Duration.ofSeconds(3),
            4,
            LANES,
            3,
            Duration.ofSeconds(15),
            Duration.ofMinutes(5),
            100,
            Duration.ofSeconds(2));

    private final QueueStore store = new QueueStore(TEST.gateway());
    private final TestMessages messages = new TestMessages();
    private final Deque<Runnable> begun = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private Instant now = TestMessages.NOW;
    private Node node = new Node("n1", 1);

    private final Dispatcher dispatcher = new Dispatcher(
            "gate.test",
            (hop, tls, envelope, content) -> send(hop),
            lane -> new NextHops.Found.Hops(List.of(Way.to(new NextHop(lane.to().domain(), 25)))),
            RetrySchedule.INBOUND,
            items -> {},
            store,
            new Bodies(),
            begun::add,
            UUID::randomUUID,
            event -> {},
            () -> now,
            LIMITS);

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    @BeforeEach
    void boot() throws SQLException {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            s.execute("truncate mail, lane, body, queue, tombstone, node");
        }
        node = store.boot("n1");
    }

    private static final class Bodies implements BlobStore {
        @Override
        public void put(UUID id, Content content) {}

        @Override
        public Content get(UUID id, boolean eightBit) {
            return TestMessages.content();
        }

        @Override
        public void delete(UUID id) {}

        @Override
        public int sweep(Predicate<UUID> unknown) {
            return 0;
        }
    }

    private Transmission send(NextHop hop) {
        asked.add(hop.host());
        if (hop.host().startsWith("slow")) {
            now = now.plus(SLOWLY);
        }
        return new Transmission.Replied(
                List.of(new RemoteReply(250, new EnhancedStatus(2, 0, 0), "taken")), hop.toString());
    }

    private static LaneKey lane(int tenant, String domain) {
        return new LaneKey(new UUID(0, tenant), new Destination.Customer(domain));
    }

    /** So many messages in the queue, due as of the time. */
    private void queued(LaneKey lane, int n) throws SQLException {
        List<Filing> filings = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            filings.add(new Filing(
                    messages.facts("client.example"),
                    true,
                    List.of(new Filing.Row(TestMessages.recipients(lane).getFirst(), 0, null, null)),
                    TestMessages.NOW.plus(Duration.ofDays(10))));
        }
        store.file(filings, node);
    }

    /** Makes lanes due in the order of this call. */
    private void due(LaneKey lane, Instant at) throws SQLException {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            s.execute("update queue set next_at = '" + at + "' where lane_id = '" + lane.id() + "'");
            s.execute("update lane set next_due = '" + at + "' where id = '" + lane.id() + "'");
        }
    }

    private void runOne() {
        begun.remove().run();
    }

    @Test
    void aQuickLaneFindsASlotBesideSlowOnes() {
        for (int i = 0; i < TOTAL / 2; i++) {
            for (int m = 0; m < 20; m++) {
                dispatcher.offer(messages.journalled(lane(i, "slow" + i + ".example")));
            }
        }
        assertEquals(TOTAL, begun.size(), "nothing is known of them: two attempts each");
        dispatcher.offer(messages.journalled(lane(9, "quick.example")));
        assertEquals(TOTAL, begun.size());
        for (int i = 0; i < 2 * TOTAL && !asked.contains("quick.example"); i++) {
            runOne();
        }
        assertTrue(asked.contains("quick.example"), "it had its turn");
        for (int m = 0; m < 5; m++) {
            int before = asked.size();
            dispatcher.offer(messages.journalled(lane(9, "quick.example")));
            begun.removeLast().run();
            assertEquals("quick.example", asked.get(before), "now that they are known to be slow, a slot is free");
        }
    }

    @Test
    void lanesThatHaveEnoughDoNotKeepOthersFromBeingClaimed() throws Exception {
        for (int i = 0; i < LANES * LIMITS.rounds(); i++) {
            LaneKey busy = lane(i, "busy" + i + ".example");
            queued(busy, 10);
            due(busy, now.minusSeconds(60));
        }
        LaneKey other = lane(99, "other.example");
        queued(other, 1);
        due(other, now.minusSeconds(1));
        dispatcher.step(node);
        dispatcher.step(node);
        assertEquals(List.of(), store.claim(other, now, 10, node, UUID::randomUUID), "it is claimed already");
    }

    @Test
    void tenantsWithManyLanesHaveTheirTurnInOneRound() throws Exception {
        for (int i = 0; i < LANES * LIMITS.rounds() * 2; i++) {
            LaneKey many = lane(1, "many" + i + ".example");
            queued(many, 1);
            due(many, now.minusSeconds(60));
        }
        LaneKey other = lane(2, "other.example");
        queued(other, 1);
        due(other, now.minusSeconds(1));
        dispatcher.step(node);
        assertEquals(List.of(), store.claim(other, now, 10, node, UUID::randomUUID), "it is claimed already");
    }
}
