package io.sekisho.gateway.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.tracking.Reason;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.OctetRange;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.RecipientParameters.Notify;
import io.sekisho.testkit.db.FailingDataSource;
import io.sekisho.testkit.db.Faults;
import io.sekisho.testkit.db.TestDatabase;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final UUID HAKONE = UUID.nameUUIDFromBytes(new byte[] {1});

    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));

    private final DataSource database = TEST.gateway();
    private final QueueStore store = new QueueStore(database);
    private final LaneKey lane = new LaneKey(HAKONE, new Destination.Customer("hakone.example"));
    private int made;
    private Node node = new Node("n1", 1);

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

    private MailFacts facts() throws Exception {
        return new MailFacts(
                new UUID(NOW.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | ++made),
                NOW,
                HAKONE,
                InetAddress.getByName("2001:db8::1"),
                "client.example",
                true,
                "TLSv1.3 TLS_AES_128_GCM_SHA256",
                new ReversePath.Of(new Mailbox("alice", "sender.example")),
                1234,
                true,
                true,
                new DsnOptions(DsnOptions.Returned.FULL, "Q+20x"),
                List.of(new OctetRange(12, 80), new OctetRange(100, 150)));
    }

    private Filing.Row row(int number, @Nullable UUID lease, @Nullable DeliveryOutcome outcome) {
        return new Filing.Row(
                new Recipient(number, new Mailbox("user" + number, "hakone.example"), lane, asked(number)),
                outcome == null ? 0 : 1,
                lease,
                outcome);
    }

    private static RecipientParameters asked(int number) {
        return number == 0
                ? RecipientParameters.NONE
                : new RecipientParameters(Set.of(Notify.FAILURE, Notify.DELAY), "rfc822;user" + number + "@a.example");
    }

    private Filing filing(MailFacts facts, boolean inBlob, Filing.Row... rows) {
        return new Filing(facts, inBlob, List.of(rows), NOW.plus(Duration.ofDays(10)));
    }

    private static DeliveryOutcome delivered() {
        return new DeliveryOutcome.Delivered(NOW.plusSeconds(1), "250 2.0.0 ok", "192.0.2.1:25");
    }

    private static DeliveryOutcome deferred(Instant next) {
        return new DeliveryOutcome.Deferred(NOW.plusSeconds(1), "451 4.3.0 later", next);
    }

    private List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
                    row.append(i == 1 ? "" : " ").append(r.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private List<Claimed> claim(Instant now) throws SQLException {
        return store.claim(lane, now, 100, node, UUID::randomUUID);
    }

    private List<LaneKey> due(Instant now) throws SQLException {
        return store.dueLanes(now, 10, List.of(), List.of());
    }

    private static List<Settlement.Item> items(Claimed claimed, DeliveryOutcome outcome) {
        return claimed.recipients().stream()
                .map(r -> new Settlement.Item(claimed.facts().id(), r.number(), claimed.lease(), 1, outcome))
                .toList();
    }

    @Test
    void aMessageThatEndedSoonIsOneRowAndNothingElse() throws Exception {
        store.file(List.of(filing(facts(), false, row(0, null, delivered()))), node);
        assertEquals(
                List.of("ended 1 250 2.0.0 ok 192.0.2.1:25 hakone.example"),
                query("select state, attempts, reply, server, destination from mail"));
        assertEquals(
                List.of("0 0 0"),
                query("select (select count(*) from queue), (select count(*) from body),"
                        + " (select count(*) from tombstone)"));
    }

    @Test
    void aLargeMessageThatEndedSoonLeavesATombstoneForItsBlob() throws Exception {
        MailFacts facts = facts();
        store.file(List.of(filing(facts, true, row(0, null, delivered()))), node);
        assertEquals(List.of(facts.id()), store.tombstones(10));
        assertTrue(store.knowsBody(facts.id()));
        store.bury(List.of(facts.id()));
        assertFalse(store.knowsBody(facts.id()));
    }

    @Test
    void filingTwiceIsHarmlessEvenIfDeliveredSince() throws Exception {
        Filing filing = filing(facts(), true, row(0, null, null));
        store.file(List.of(filing), node);
        Claimed claimed = claim(NOW).getFirst();
        store.settle(items(claimed, delivered()));
        store.file(List.of(filing), node);
        assertEquals(List.of("ended"), query("select state from mail"));
        assertEquals(List.of("0"), query("select count(*) from queue"));
        assertEquals(Set.of(filing.facts().id()), store.filed(List.of(filing.facts())));
    }

    @Test
    void whatIsClaimedComesBackAsItWasFiled() throws Exception {
        MailFacts facts = facts();
        store.file(
                List.of(filing(facts, true, row(0, null, null), row(1, null, delivered()), row(2, null, null))), node);
        List<Claimed> claimed = claim(NOW);
        assertEquals(1, claimed.size());
        assertEquals(facts, claimed.getFirst().facts());
        assertEquals(lane, claimed.getFirst().lane());
        assertEquals(
                List.of(0, 2),
                claimed.getFirst().recipients().stream().map(Recipient::number).toList());
        assertEquals(
                List.of(asked(0), asked(2)),
                claimed.getFirst().recipients().stream()
                        .map(Recipient::parameters)
                        .toList());
        assertEquals(
                List.of(
                        "0 null null",
                        "1 FAILURE,DELAY rfc822;user1@a.example",
                        "2 FAILURE,DELAY rfc822;user2@a.example"),
                query("select recipient, notify, orcpt from mail order by recipient"));
        assertEquals(NOW.plus(Duration.ofDays(10)), claimed.getFirst().expires());
        assertTrue(claim(NOW).isEmpty(), "leased rows are not claimed again");
    }

    @Test
    void aDeferredRecipientIsDueAtItsTimeAndNotBefore() throws Exception {
        Instant later = NOW.plusSeconds(60);
        store.file(List.of(filing(facts(), true, row(0, null, deferred(later)))), node);
        assertTrue(due(NOW).isEmpty());
        assertTrue(claim(NOW).isEmpty());
        assertEquals(List.of(lane), due(later));
        Claimed claimed = claim(later).getFirst();
        assertEquals(List.of(1), claimed.attempts());
        assertTrue(due(later).isEmpty(), "nothing is due while it is leased");
        store.settle(items(claimed, deferred(later.plusSeconds(300))));
        assertTrue(due(later.plusSeconds(299)).isEmpty());
        assertEquals(List.of(lane), due(later.plusSeconds(300)));
    }

    @Test
    void anAttemptUnderWayWhenFiledIsSettledByItsLease() throws Exception {
        UUID lease = UUID.randomUUID();
        MailFacts facts = facts();
        store.file(List.of(filing(facts, true, row(0, lease, null))), node);
        assertTrue(claim(NOW).isEmpty());
        store.settle(List.of(new Settlement.Item(facts.id(), 0, UUID.randomUUID(), 1, deferred(NOW))));
        assertTrue(claim(NOW).isEmpty(), "a lease that is not in force changes nothing");
        store.settle(List.of(new Settlement.Item(facts.id(), 0, lease, 1, delivered())));
        assertEquals(List.of("ended 1"), query("select state, attempts from mail"));
        assertEquals(List.of(facts.id()), store.tombstones(10));
    }

    @Test
    void theRecipientThatEndsLastLeavesTheTombstoneAndAHeldOneKeepsTheBody() throws Exception {
        MailFacts facts = facts();
        store.file(List.of(filing(facts, true, row(0, null, null), row(1, null, null))), node);
        Claimed claimed = claim(NOW).getFirst();
        store.settle(List.of(items(claimed, delivered()).getFirst()));
        assertTrue(store.tombstones(10).isEmpty());
        DeliveryOutcome held = new DeliveryOutcome.Held(NOW, Reason.ROUTE_REFUSED, "550 5.1.1 no");
        store.settle(List.of(items(claimed, held).getLast()));
        assertTrue(store.tombstones(10).isEmpty());
        assertEquals(
                List.of("0 ended null", "1 held ROUTE_REFUSED"),
                query("select recipient, state, reason from mail order by recipient"));
        assertTrue(store.knowsBody(facts.id()));
    }

    @Test
    void aReturnedRecipientIsAsIfItHadNotBeenTried() throws Exception {
        store.file(List.of(filing(facts(), true, row(0, null, null))), node);
        Claimed claimed = claim(NOW).getFirst();
        store.settle(List.of(
                new Settlement.Item(claimed.facts().id(), 0, claimed.lease(), 0, new DeliveryOutcome.Returned(NOW))));
        assertEquals(List.of(0), claim(NOW).getFirst().attempts());
    }

    @Test
    void aLaneThatBacksOffIsNotDue() throws Exception {
        store.file(List.of(filing(facts(), true, row(0, null, null))), node);
        store.backOff(List.of(new LaneBackoff(lane, NOW.plusSeconds(30), 1)));
        assertTrue(due(NOW).isEmpty());
        store.backOff(List.of(new LaneBackoff(lane, Instant.EPOCH, 0)));
        assertEquals(List.of(lane), due(NOW));
    }

    @Test
    void whoseBackOffIsOverComesAfterThoseThatAreDueForLonger() throws Exception {
        LaneKey other = new LaneKey(new UUID(0, 9), new Destination.Customer("arai.example"));
        Filing.Row row = new Filing.Row(
                new Recipient(0, new Mailbox("misaki", "arai.example"), other, RecipientParameters.NONE),
                0,
                null,
                null);
        store.file(List.of(filing(facts(), true, row(0, null, null)), filing(facts(), true, row)), node);
        store.backOff(List.of(new LaneBackoff(lane, NOW.plusSeconds(30), 1)));
        assertEquals(List.of(other), due(NOW.plusSeconds(29)));
        assertEquals(List.of(other, lane), due(NOW.plusSeconds(30)));
    }

    @Test
    void lanesAndTenantsThatHaveEnoughAreLeftOut() throws Exception {
        store.file(List.of(filing(facts(), true, row(0, null, null))), node);
        assertEquals(List.of(), store.dueLanes(NOW, 10, List.of(lane.id()), List.of()));
        assertEquals(List.of(), store.dueLanes(NOW, 10, List.of(), List.of(HAKONE)));
        assertEquals(List.of(lane), store.dueLanes(NOW, 10, List.of(HAKONE), List.of(lane.id())));
    }

    @Test
    void aNodeFreesTheLeasesOfItsOlderBoots() throws Exception {
        store.file(List.of(filing(facts(), true, row(0, null, null))), node);
        assertEquals(1, claim(NOW).size());
        Node other = store.boot("n2");
        assertTrue(store.claim(lane, NOW, 10, other, UUID::randomUUID).isEmpty());
        node = store.boot("n1");
        assertEquals(List.of(lane), due(NOW));
        assertEquals(1, claim(NOW).size());
    }

    @Test
    void aClaimInDoubtIsGivenBack() throws Exception {
        store.file(List.of(filing(facts(), true, row(0, null, null))), node);
        var failing = new FailingDataSource(database);
        var doubted = new QueueStore(failing);
        for (Faults.Fault fault : List.of(Faults.Fault.AFTER, Faults.Fault.BEFORE)) {
            failing.set(Faults.atCommit(fault));
            assertThrows(CommitInDoubtException.class, () -> doubted.claim(lane, NOW, 10, node, UUID::randomUUID));
            assertEquals(
                    List.of(fault == Faults.Fault.AFTER ? "1" : "0"),
                    query("select count(*) from queue where lease is not null"));
            failing.set(Faults.down());
            assertThrows(SQLException.class, () -> doubted.dueLanes(NOW, 10, List.of(), List.of()));
            failing.set(Faults.none());
            assertEquals(List.of(lane), doubted.dueLanes(NOW, 10, List.of(), List.of()));
            assertEquals(List.of("0"), query("select count(*) from queue where lease is not null"));
        }
        assertEquals(1, doubted.claim(lane, NOW, 10, node, UUID::randomUUID).size());
        assertTrue(doubted.dueLanes(NOW, 10, List.of(), List.of()).isEmpty(), "a claim that was answered is kept");
    }

    @Test
    void whatIsForgottenElsewhereBecauseItIsReadWaitsForTheStandby() throws Exception {
        MailFacts facts = facts();
        store.file(List.of(filing(facts, true, row(0, null, delivered()))), node);
        String written = "select pg_current_wal_insert_lsn()";
        String before = query(written).getFirst();
        assertEquals(Set.of(facts.id()), store.filed(List.of(facts)));
        String between = query(written).getFirst();
        assertNotEquals(before, between, "a commit that writes nothing waits for nobody");
        assertEquals(List.of(facts.id()), store.tombstones(10));
        assertNotEquals(between, query(written).getFirst());
    }

    @Test
    void aLeaseWhoseEndHasPassedIsReaped() throws Exception {
        store.file(List.of(filing(facts(), true, row(0, null, null))), node);
        assertEquals(1, claim(NOW).size());
        assertEquals(0, store.reap());
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            s.execute("update queue set lease_until = now() - interval '1 second'");
        }
        store.reap();
        assertEquals(1, claim(NOW).size());
    }
}
