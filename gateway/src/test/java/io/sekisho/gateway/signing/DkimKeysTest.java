package io.sekisho.gateway.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.testkit.db.FailingDataSource;
import io.sekisho.testkit.db.Faults;
import io.sekisho.testkit.db.Faults.Fault;
import io.sekisho.testkit.db.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of our own domain in a real database. */
class DkimKeysTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));

    @TempDir
    private Path folder;

    private SigningFixture world;

    @BeforeEach
    void empty() throws SQLException {
        world = new SigningFixture(TEST, folder);
        world.run("truncate dkim_key");
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    /** A node that signs with the first keys. */
    private DkimKeys signingNode() throws SQLException {
        DkimKeys node = world.node();
        assertTrue(node.step());
        world.publishAll();
        assertTrue(node.step());
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(node));
        return node;
    }

    @Test
    void aKeySignsWhenItsRecordIsSeenAndNotBefore() throws SQLException {
        DkimKeys node = world.node();
        assertEquals(List.of(), node.active());
        node.step();
        node.step();
        assertEquals(List.of(), node.active(), "nothing is published");
        List<PublishedKey> records = world.toPublish();
        assertEquals(
                List.of("sekisho1._domainkey.gate.example", "sekisho-e1._domainkey.gate.example"),
                records.stream().map(PublishedKey::name).toList());
        assertTrue(records.stream()
                .allMatch(key -> key.state().words().equals("publish this")
                        && key.strings().stream().allMatch(string -> string.length() <= 255)));
        world.zone.publish(records.getFirst());
        node.step();
        assertEquals("sekisho1", SigningFixture.signing(node), "each algorithm by itself");
        world.zone.publish(records.getLast());
        node.step();
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(node));
        assertTrue(node.active().stream().allMatch(world::verifies));
        assertEquals(List.of("sekisho1 signing since " + SigningFixture.START), world.states(DkimAlgorithm.RSA_SHA256));
    }

    @Test
    void whatIsNotTheRecordAsItWasMadeDoesNotCount() throws SQLException {
        DkimKeys node = world.node();
        node.step();
        PublishedKey made = world.toPublish().getLast();
        String text = String.join("", made.strings());
        List<String[]> wrong = List.of(
                new String[] {text.replace("p=", "p=A")},
                new String[] {text + "; t=y"},
                new String[] {text + "; s=tlsrpt"},
                new String[] {text, "v=DKIM1; k=rsa; p=AAAA"},
                new String[] {text, text},
                new String[] {"p="});
        for (String[] texts : wrong) {
            world.zone.publish(made.name(), texts);
            node.step();
            assertEquals("", SigningFixture.signing(node), String.join(" | ", texts));
        }
        world.zone.broken = true;
        world.zone.publish(made);
        node.step();
        assertEquals("", SigningFixture.signing(node), "the DNS does not answer");
        world.zone.broken = false;
        world.zone.publish(made.name(), text.replace("; ", ";") + "; n=ours;");
        node.step();
        assertEquals("sekisho-e1", SigningFixture.signing(node), "the same in other words");
    }

    @Test
    void aKeyWaitsItsTurnAndTheOneBeforeStaysPublished() throws SQLException {
        DkimKeys node = signingNode();
        world.pass(Duration.ofDays(87));
        node.step();
        assertEquals(
                "sekisho2 publish this", world.states(DkimAlgorithm.RSA_SHA256).getLast());
        world.pass(Duration.ofDays(10));
        node.step();
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(node), "nobody published the next");
        world.publishAll();
        String seen = world.now.toString();
        node.step();
        assertEquals("sekisho2 sekisho-e2", SigningFixture.signing(node));
        assertEquals(
                List.of(
                        "sekisho1 retired, keep until " + world.now.plus(Duration.ofDays(14)),
                        "sekisho2 signing since " + seen),
                world.states(DkimAlgorithm.RSA_SHA256));
        world.pass(Duration.ofDays(14));
        node.step();
        assertEquals(
                List.of("sekisho2 signing since " + seen),
                world.states(DkimAlgorithm.RSA_SHA256),
                "the old one may go");
    }

    @Test
    void aKeyThatIsReadyEarlyWaits() throws SQLException {
        DkimKeys node = signingNode();
        world.pass(Duration.ofDays(87));
        node.step();
        world.publishAll();
        node.step();
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(node));
        assertEquals(
                "sekisho2 published, signs next",
                world.states(DkimAlgorithm.RSA_SHA256).getLast());
        world.pass(Duration.ofDays(3));
        node.step();
        assertEquals("sekisho2 sekisho-e2", SigningFixture.signing(node));
    }

    @Test
    void twoNodesAtOnceMakeAndChangeKeysOnce() throws Exception {
        List<DkimKeys> nodes = List.of(world.node(), world.node(), world.node());
        together(nodes);
        Set<String> first = texts();
        assertEquals(2, first.size());
        world.publishAll();
        together(nodes);
        assertEquals(first, texts());
        together(nodes);
        assertEquals(
                Set.of("sekisho1 sekisho-e1"),
                nodes.stream().map(SigningFixture::signing).collect(Collectors.toSet()));
        world.pass(Duration.ofDays(88));
        together(nodes);
        Set<String> second = texts();
        assertEquals(4, second.size());
        world.publishAll();
        world.pass(Duration.ofDays(3));
        together(nodes);
        together(nodes);
        assertEquals(second, texts());
        assertEquals(
                Set.of("sekisho2 sekisho-e2"),
                nodes.stream().map(SigningFixture::signing).collect(Collectors.toSet()));
    }

    private Set<String> texts() throws SQLException {
        return world.toPublish().stream()
                .map(key -> key.name() + String.join("", key.strings()))
                .collect(Collectors.toSet());
    }

    private static void together(List<DkimKeys> nodes) throws Exception {
        CyclicBarrier start = new CyclicBarrier(nodes.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> steps = nodes.stream()
                    .map(node -> threads.submit(() -> {
                        start.await(10, TimeUnit.SECONDS);
                        return node.step();
                    }))
                    .toList();
            for (Future<Boolean> step : steps) {
                assertTrue(step.get(20, TimeUnit.SECONDS), "no node meets an error");
            }
        }
    }

    @Test
    void aNodeWhoseClockIsBehindTakesPart() throws SQLException {
        world.node().step();
        world.publishAll();
        world.pass(Duration.ofSeconds(-30));
        DkimKeys behind = world.node();
        assertTrue(behind.step());
        world.pass(Duration.ofSeconds(31));
        assertTrue(behind.step());
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(behind));
    }

    @Test
    void withoutTheDatabaseTheKeysKnownLastGoOnSigning() throws SQLException {
        signingNode();
        FailingDataSource failing = new FailingDataSource(TEST.gateway());
        DkimKeys node = world.node(failing);
        assertTrue(node.step());
        failing.set(Faults.down());
        assertFalse(node.step());
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(node));
        assertFalse(world.node(failing).step(), "one that starts meanwhile has no key");
    }

    @Test
    void aBoxThatWasChangedDoesNotOpenAndItsKeyDoesNotSign() throws SQLException {
        DkimKeys node = signingNode();
        world.run("update dkim_key set sealed = set_byte(sealed, 40, (get_byte(sealed, 40) + 1) % 256)"
                + " where selector = 'sekisho1'");
        assertTrue(node.step());
        assertEquals("sekisho-e1", SigningFixture.signing(node));
        // a box of another key: what it was sealed for is sealed with it
        world.run("update dkim_key set sealed = '\\x00' where selector = 'sekisho-e1'");
        assertTrue(node.step());
        assertEquals("", SigningFixture.signing(node));
    }

    @Test
    void aKeyWhoseBoxDoesNotOpenTakesNoKeysPlace() throws SQLException {
        DkimKeys node = signingNode();
        world.pass(Duration.ofDays(88));
        node.step();
        world.publishAll();
        world.run("update dkim_key set sealed = '\\x00' where selector = 'sekisho2'");
        world.pass(Duration.ofDays(5));
        node.step();
        assertEquals("sekisho1 sekisho-e2", SigningFixture.signing(node));
    }

    @Test
    void aNodeWithAnotherMasterKeyNeitherSignsNorSpoilsAnything() throws Exception {
        DkimKeys node = signingNode();
        Path other = Files.createDirectories(folder.resolve("other"));
        SigningFixture stranger = new SigningFixture(TEST, other);
        stranger.zone.records.putAll(world.zone.records);
        stranger.now = world.now.plus(Duration.ofDays(95));
        DkimKeys strange = stranger.node();
        assertTrue(strange.step());
        assertEquals("", SigningFixture.signing(strange));
        node.step();
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(node));
    }

    @Test
    void aNewMasterKeySealsTheKeysAgain() throws Exception {
        DkimKeys before = signingNode();
        Path file = folder.resolve("master.key");
        String old = Files.readString(file);
        Files.delete(file);
        SigningFixture elsewhere = new SigningFixture(TEST, folder);
        elsewhere.node();
        String added = Files.readString(file).lines().reduce((a, b) -> b).orElseThrow();
        Files.writeString(file, old + added + "\n");
        DkimKeys both = world.node();
        both.step();
        assertEquals(texts(before.active()), texts(both.active()));
        Files.writeString(file, added + "\n");
        DkimKeys after = world.node();
        after.step();
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(after), "the old master key is needed no more");
        assertTrue(after.active().stream().allMatch(world::verifies));
    }

    private static List<String> texts(List<SigningKey> keys) {
        return keys.stream().map(SigningKey::toString).toList();
    }

    @Test
    void aRecordThatIsTakenOutOfTheDnsIsComplainedOfAndTheKeyGoesOn() throws SQLException {
        DkimKeys node = signingNode();
        world.zone.records.clear();
        assertTrue(node.step());
        assertEquals("sekisho1 sekisho-e1", SigningFixture.signing(node));
    }

    @Test
    void whereverTheConnectionBreaksTheNextStepGoesOn() throws SQLException {
        DkimKeys node = signingNode();
        world.pass(Duration.ofDays(88));
        FailingDataSource failing = new FailingDataSource(TEST.gateway());
        DkimKeys second = world.node(failing);
        Set<String> before = texts();
        boolean done = false;
        int broken = 0;
        while (!done) {
            AtomicInteger left = new AtomicInteger(broken);
            failing.set((call, sql) -> left.getAndDecrement() == 0 ? Fault.BEFORE : Fault.NONE);
            done = second.step();
            assertTrue(done || texts().equals(before), "broken at call " + broken);
            broken += done ? 0 : 1;
        }
        assertTrue(broken >= 7, broken + " calls were broken");
        Set<String> next = texts();
        assertEquals(4, next.size());
        world.publishAll();
        world.pass(Duration.ofDays(3));
        failing.set(Faults.atCommit(Fault.AFTER));
        assertFalse(second.step(), "done, but the answer is lost");
        failing.set(Faults.none());
        second.step();
        node.step();
        assertEquals(next, texts());
        assertEquals("sekisho2 sekisho-e2", SigningFixture.signing(second));
        assertEquals("sekisho2 sekisho-e2", SigningFixture.signing(node));
    }
}
