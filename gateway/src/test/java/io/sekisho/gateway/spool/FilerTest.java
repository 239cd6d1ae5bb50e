package io.sekisho.gateway.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.mail.message.Content;
import io.sekisho.platform.blob.BlobStore;
import io.sekisho.platform.journal.JournalLimits;
import io.sekisho.platform.journal.SegmentJournal;
import io.sekisho.testkit.db.TestDatabase;
import io.sekisho.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the filer does when one message of a batch cannot be filed. */
class FilerTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));
    private static final LaneKey LANE = new LaneKey(new UUID(0, 7), new Destination.Customer("mx.example"));

    private static final JournalLimits LIMITS = new JournalLimits(
            64 << 10,
            16 << 20,
            5000,
            16 << 10,
            24 << 10,
            3,
            5,
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private final TestMessages messages = new TestMessages();
    private final Blobs blobs = new Blobs();
    private final List<UUID> offered = new ArrayList<>();
    private final ExecutorService writers = Executors.newSingleThreadExecutor();
    private final SplittableRandom random = new SplittableRandom(1);
    private final SegmentJournal journal =
            new SegmentJournal(new SimulatedDisk(random, place -> {}), () -> TestMessages.NOW, random, LIMITS);
    private final Custody custody = new Custody(
            journal,
            blobs,
            new QueueStore(TEST.gateway()),
            this::now,
            SpoolLimits.DEFAULT,
            new RetrySchedule(Duration.ofDays(10)),
            event -> {},
            writers);
    private Instant now = TestMessages.NOW;

    private Instant now() {
        return now;
    }

    /** Remembers which messages wait for delivery; delivers none. */
    private final class Waiting implements FreshMail {
        @Override
        public void offer(JournalledMessage message) {
            offered.add(message.facts().id());
        }

        @Override
        public void withdraw(JournalledMessage message) {
            offered.remove(message.facts().id());
        }

        @Override
        public boolean moving(JournalledMessage message) {
            return false;
        }
    }

    /** Blobs of which some cannot be written. */
    private static final class Blobs implements BlobStore {
        private final Set<UUID> there = new HashSet<>();
        private final Set<UUID> refused = new HashSet<>();

        @Override
        public void put(UUID id, Content content) throws IOException {
            if (refused.contains(id)) {
                throw new IOException("no space left");
            }
            there.add(id);
        }

        @Override
        public Content get(UUID id, boolean eightBit) {
            return TestMessages.content();
        }

        @Override
        public void delete(UUID id) {
            there.remove(id);
        }

        @Override
        public int sweep(Predicate<UUID> unknown) {
            return 0;
        }
    }

    @AfterEach
    void stop() {
        writers.shutdown();
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    private UUID accept(Spool spool, String helo) throws Exception {
        var facts = messages.facts(helo);
        Spool.Offered offer = spool.offer(facts, TestMessages.recipients(LANE), TestMessages.content());
        journal.step();
        offer.await();
        return facts.id();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            s.execute("truncate mail, lane, body, queue, tombstone, node");
        }
    }

    private static Set<UUID> queued() throws SQLException {
        Set<UUID> there = new HashSet<>();
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select message from queue")) {
            while (r.next()) {
                there.add(r.getObject(1, UUID.class));
            }
        }
        return there;
    }

    @Test
    void aMessageTheDatabaseCannotTakeStaysInTheJournalAndTheOthersAreFiled() throws Exception {
        Spool spool = custody.open(new Waiting(), "n1");
        UUID first = accept(spool, "client.example");
        UUID poison = accept(spool, "no text of PostgreSQL has a \0");
        UUID last = accept(spool, "client.example");
        now = now.plusSeconds(3);
        custody.step(false);
        assertEquals(Set.of(first, last), queued());
        assertEquals(1, custody.unfiled());
        assertEquals(List.of(poison, poison), offered, "it waits for delivery from the journal");
        assertTrue(custody.databaseUp());
    }

    @Test
    void aMessageWhoseBodyCannotBeStoredStaysInTheJournalAndTheOthersAreFiled() throws Exception {
        Spool spool = custody.open(new Waiting(), "n1");
        UUID first = accept(spool, "client.example");
        UUID unlucky = accept(spool, "client.example");
        blobs.refused.add(unlucky);
        now = now.plusSeconds(3);
        custody.step(false);
        assertEquals(Set.of(first), queued());
        assertFalse(blobs.there.contains(unlucky));
        blobs.refused.clear();
        now = now.plusSeconds(3);
        custody.step(false);
        assertEquals(Set.of(first, unlucky), queued());
        assertEquals(0, custody.unfiled());
    }
}
