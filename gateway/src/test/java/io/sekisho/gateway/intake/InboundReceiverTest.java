package io.sekisho.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.delivery.CustomerHops;
import io.sekisho.gateway.delivery.DeliveryLimits;
import io.sekisho.gateway.delivery.Dispatcher;
import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.PolicySnapshot;
import io.sekisho.gateway.policy.RateLimit;
import io.sekisho.gateway.policy.RateLimits;
import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.gateway.policy.RecipientSet;
import io.sekisho.gateway.policy.Route;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.spool.Custody;
import io.sekisho.gateway.spool.SpoolLimits;
import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.platform.blob.BlobStore;
import io.sekisho.platform.journal.JournalLimits;
import io.sekisho.platform.journal.SegmentJournal;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.RecipientParameters.Notify;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.Envelope;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.client.Transmission;
import io.sekisho.smtp.server.ContentOutcome;
import io.sekisho.smtp.server.Hello;
import io.sekisho.smtp.server.MailTransaction;
import io.sekisho.smtp.server.Peer;
import io.sekisho.smtp.server.Receiver;
import io.sekisho.smtp.tls.TlsPolicy;
import io.sekisho.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a mail transaction to what the next hop is given, without a database. */
class InboundReceiverTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final DomainName DOMAIN = new DomainName("xn--r8jz45g.example");
    private static final Mailbox HANAKO = new Mailbox("花子", "例え.example");
    private static final Mailbox TARO = new Mailbox("taro", DOMAIN.ascii());
    private static final JournalLimits JOURNAL = new JournalLimits(
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

    private final SplittableRandom random = new SplittableRandom(1);
    private final SegmentJournal journal =
            new SegmentJournal(new SimulatedDisk(random, place -> {}), () -> NOW, random, JOURNAL);
    private final ExecutorService writers = Executors.newSingleThreadExecutor();
    private final List<MailEvent> events = new ArrayList<>();
    private final List<Envelope> envelopes = new ArrayList<>();
    private final List<String> delivered = new ArrayList<>();
    private RoutingTable routing = new RoutingTable(List.of());
    private InboundReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        var store = new QueueStore(noDatabase());
        var retries = new RetrySchedule(Duration.ofDays(10));
        var custody = new Custody(
                journal, new NoBlobs(), store, () -> NOW, SpoolLimits.DEFAULT, retries, events::add, writers);
        limit(RateLimits.NONE);
        var dispatcher = new Dispatcher(
                "gate.example",
                this::send,
                new CustomerHops(() -> routing, random),
                retries,
                custody.outcomes(),
                store,
                new NoBlobs(),
                Runnable::run,
                () -> new UUID(random.nextLong(), random.nextLong()),
                events::add,
                () -> NOW,
                DeliveryLimits.DEFAULT);
        receiver = new InboundReceiver(
                "gate.example",
                () -> routing,
                (domain, mailbox) -> CallForward.Answer.NO_ANSWER,
                (domain, mailbox) -> {},
                (domain, claimants) -> {},
                new MessageRates(random, () -> 0, RateBounds.DEFAULT),
                custody.open(dispatcher, "n1"),
                events::add,
                () -> NOW,
                random,
                new IntakeLimits(30, 8192, 3));
    }

    /** The domain with two recipients and these limits. */
    private void limit(RateLimits rates) {
        routing = new RoutingTable(List.of(new DomainRoute(
                DOMAIN,
                new PolicySnapshot(new UUID(0, 7), false, true, rates),
                List.of(new Route(10, new NextHop("mx.example", 25))),
                RecipientMode.LISTED,
                null,
                RecipientSet.of(List.of(HANAKO, TARO), random))));
    }

    @AfterEach
    void stop() {
        writers.shutdown();
    }

    private static DataSource noDatabase() {
        return (DataSource) Proxy.newProxyInstance(
                InboundReceiverTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> {
                    throw new SQLException("no database");
                });
    }

    private static final class NoBlobs implements BlobStore {
        @Override
        public void put(UUID id, Content content) throws IOException {
            throw new IOException("no blobs");
        }

        @Override
        public Content get(UUID id, boolean eightBit) throws IOException {
            throw new IOException("no blobs");
        }

        @Override
        public void delete(UUID id) {}

        @Override
        public int sweep(Predicate<UUID> unknown) {
            return 0;
        }
    }

    private Transmission send(NextHop hop, TlsPolicy tls, Envelope envelope, Content content) {
        envelopes.add(envelope);
        try (InputStream in = content.open()) {
            byte[] octets = in.readAllBytes();
            assertEquals(content.size(), octets.length);
            delivered.add(new String(octets, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        var taken = new RemoteReply(250, new EnhancedStatus(2, 0, 0), "2.0.0 taken");
        return new Transmission.Replied(List.of(taken), "192.0.2.10:25");
    }

    private MailTransaction begin() throws Exception {
        var hello = new Hello(new Peer(InetAddress.ofLiteral("192.0.2.1"), 4711), "client.example", true, null);
        var parameters = new MailParameters(0, true, true, new DsnOptions(DsnOptions.Returned.HDRS, "Q+20x"));
        return assertInstanceOf(
                        Receiver.Beginning.Opened.class,
                        receiver.begin(hello, new ReversePath.Of(new Mailbox("alice", "sender.example")), parameters))
                .transaction();
    }

    private ContentOutcome content(MailTransaction transaction, String text) throws Exception {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        var outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return transaction.content(new MemoryContent(octets, octets.length, octets.length > text.length()));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < 5_000 && !outcome.isDone(); i++) {
            journal.step();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        return outcome.get(5, TimeUnit.SECONDS);
    }

    private String refusal(String text) throws Exception {
        MailTransaction transaction = begin();
        assertTrue(transaction.recipient(HANAKO, RecipientParameters.NONE).positive());
        return assertInstanceOf(ContentOutcome.Refused.class, content(transaction, text))
                .reply()
                .toString();
    }

    @Test
    void whatWasSaidGoesOnAndWhatWasForgedDoesNot() throws Exception {
        var asked = new RecipientParameters(Set.of(Notify.FAILURE), "rfc822;h@hakone.example");
        MailTransaction transaction = begin();
        assertTrue(transaction
                .recipient(new Mailbox("花子", "xn--r8jz45g.example"), asked)
                .positive());
        String others = "Subject: こんにちは\r\nAuthentication-Results: mx.sender.example; spf=pass\r\n";
        String forged = "X-Sekisho-Verdict: clean\r\nAuthentication-Results: GATE.example; spf=pass\r\n";
        String body = "\r\nX-Sekisho-Verdict: quoted\r\n";
        assertInstanceOf(ContentOutcome.Stored.class, content(transaction, forged + others + body));
        Envelope envelope = envelopes.getFirst();
        assertTrue(envelope.smtpUtf8());
        assertEquals(new DsnOptions(DsnOptions.Returned.HDRS, "Q+20x"), envelope.dsn());
        assertEquals(List.of(asked), envelope.parameters());
        String given = delivered.getFirst();
        assertTrue(given.startsWith("Received: from client.example ([192.0.2.1])\r\n\tby gate.example"), given);
        assertTrue(given.contains(" with UTF8SMTP id "), given);
        assertEquals(others + body, given.substring(given.indexOf("Subject:")));
    }

    @Test
    void aLoopIsRefused() throws Exception {
        String hop = "Received: from a by b\r\n";
        assertEquals(
                "554 5.4.6 the message has too many Received fields, it goes in circles",
                refusal(hop.repeat(31) + "\r\n"));
        MailTransaction transaction = begin();
        assertTrue(transaction.recipient(HANAKO, RecipientParameters.NONE).positive());
        assertInstanceOf(ContentOutcome.Stored.class, content(transaction, hop.repeat(30) + "\r\n" + hop));
        assertEquals(1, delivered.size());
        assertTrue(events.getFirst() instanceof MailEvent.Refused refused
                && refused.reply().startsWith("554 5.4.6"));
    }

    @Test
    void headersBeyondTheBoundsAreRefused() throws Exception {
        assertTrue(refusal("X: y\r\n".repeat(2000) + "\r\n").startsWith("554 5.6.0 the header section is too long"));
        String scattered = "X-Sekisho-A: b\r\nX: y\r\n".repeat(4) + "\r\n";
        assertTrue(refusal(scattered).startsWith("554 5.6.0 the header has too many fields"));
        assertEquals(List.of(), delivered);
    }

    private static String rcpt(MailTransaction transaction, Mailbox mailbox) {
        return transaction.recipient(mailbox, RecipientParameters.NONE).toString();
    }

    private static RateLimits perRecipient(int messages) {
        return new RateLimits(new RateLimit.None(), new RateLimit.None(), new RateLimit.PerMinute(messages));
    }

    @Test
    void aRecipientBeyondItsLimitIsNotInTheTransactionAndTheOthersAre() throws Exception {
        limit(perRecipient(1));
        assertEquals("250 2.1.5 recipient ok", rcpt(begin(), HANAKO));
        MailTransaction transaction = begin();
        String putOff = "450 4.7.1 too many messages for this recipient: 1 a minute, try again in 60 s";
        assertEquals(putOff, rcpt(transaction, HANAKO));
        assertEquals("250 2.1.5 recipient ok", rcpt(transaction, TARO));
        assertInstanceOf(ContentOutcome.Stored.class, content(transaction, "Subject: x\r\n\r\n"));
        assertEquals(
                List.of(List.of(TARO)),
                envelopes.stream().map(Envelope::recipients).toList());
        var refused = assertInstanceOf(MailEvent.Refused.class, events.getFirst());
        assertEquals(putOff, refused.reply());
        assertEquals(HANAKO.toString(), refused.recipient());
        assertEquals("192.0.2.1", refused.peer());
    }

    @Test
    void aRecipientCountsAtRcptWhateverBecomesOfTheTransaction() throws Exception {
        limit(perRecipient(3));
        for (int i = 0; i < 3; i++) {
            assertTrue(rcpt(begin(), HANAKO).startsWith("250 "));
        }
        assertTrue(rcpt(begin(), HANAKO).startsWith("450 4.7.1 "));
    }

    @Test
    void aRecipientThatIsNamedTwiceInATransactionCountsOnce() throws Exception {
        limit(perRecipient(2));
        MailTransaction transaction = begin();
        for (int i = 0; i < 10; i++) {
            assertTrue(rcpt(transaction, HANAKO).startsWith("250 "));
        }
        assertTrue(rcpt(begin(), HANAKO).startsWith("250 "));
        assertTrue(rcpt(begin(), HANAKO).startsWith("450 4.7.1 "));
    }

    @Test
    void whoIsUnknownStaysUnknownAndCountsNowhere() throws Exception {
        limit(new RateLimits(new RateLimit.PerMinute(1), new RateLimit.PerMinute(1), new RateLimit.PerMinute(1)));
        var nobody = new Mailbox("nobody", DOMAIN.ascii());
        assertEquals("550 5.1.1 no such mailbox", rcpt(begin(), nobody));
        assertEquals("250 2.1.5 recipient ok", rcpt(begin(), HANAKO));
        assertEquals("550 5.1.1 no such mailbox", rcpt(begin(), nobody));
        assertTrue(rcpt(begin(), TARO).startsWith("450 4.7.1 too many messages from your address "));
    }
}
