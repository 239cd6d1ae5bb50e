package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.server.ServerLimits.Memory;
import io.sekisho.smtp.server.ServerLimits.Messages;
import io.sekisho.smtp.server.ServerLimits.Sessions;
import io.sekisho.smtp.server.ServerLimits.Waits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(40);

    @TempDir
    Path incoming;

    private ServerFixture fixture;

    @BeforeEach
    void start() {
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming);
    }

    private ServerFixture with(Sessions sessions, Messages messages, Waits waits) throws Exception {
        fixture.stop();
        fixture = new ServerFixture(new ServerLimits(sessions, messages, waits, ServerFixture.MEMORY), incoming);
        return fixture;
    }

    private ServerFixture with(Waits waits) throws Exception {
        return with(ServerFixture.SESSIONS, ServerFixture.MESSAGES, waits);
    }

    private static Waits waits(Duration command, Duration content, Duration transaction, Duration session) {
        return new Waits(command, content, transaction, session, Duration.ofSeconds(1), Duration.ofMillis(1));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.stop();
    }

    @Test
    void tooManyErrorsEndTheSession() throws Exception {
        Talk talk = fixture.connect().expect("220 *");
        for (int i = 0; i < 19; i++) {
            talk.say("BLAH").expect("500 5.5.1 *");
        }
        talk.say("NOOP", "BLAH", "NOOP")
                .expect("250 *", "500 5.5.1 *", "421 4.7.0 too many errors")
                .hangUp();
        ServerFixture.eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals(List.of("too many errors"), List.copyOf(fixture.receiver.ends));
    }

    @Test
    void tooManyRefusedRecipientsEndTheSession() throws Exception {
        Talk talk = fixture.greeted().say("MAIL FROM:<>").expect("250 *");
        for (int i = 0; i < 20; i++) {
            talk.say("RCPT TO:<later@hakone.example>", "RCPT TO:<unknown@hakone.example>")
                    .expect("451 *", "550 5.1.1 *");
        }
        talk.expect("421 4.7.0 *").hangUp();
    }

    @Test
    void tooManyRecipientsArePutOff() throws Exception {
        Talk talk = fixture.greeted().say("MAIL FROM:<>").expect("250 *");
        for (int i = 0; i < 5; i++) {
            talk.say("RCPT TO:<hanako@hakone.example>").expect("250 2.1.5 *");
        }
        talk.say("RCPT TO:<taro@hakone.example>").expect("452 4.5.3 *");
        talk.say("DATA", "x", ".").expect("354 *", "250 *");
        assertEquals(5, fixture.receiver.mails.remove().recipients().size());
    }

    @Test
    void tooManyTransactionsEndTheSession() throws Exception {
        Talk talk = fixture.greeted();
        for (int i = 0; i < 100; i++) {
            talk.say("MAIL FROM:<>", "RSET").expect("250 2.1.0 *", "250 2.0.0 *");
        }
        talk.say("MAIL FROM:<>").expect("421 4.7.0 *").hangUp();
    }

    @Test
    void linesAsLongAsTheLimitAreRead() throws Exception {
        Talk talk = fixture.greeted();
        talk.say("NOOP " + "x".repeat(2043)).expect("250 2.0.0 *");
        talk.say("NOOP " + "x".repeat(2044)).expect("500 5.5.2 line too long");
        talk.say("NOOP " + "x".repeat(8000), "NOOP").expect("500 5.5.2 line too long", "250 2.0.0 *");
    }

    @Test
    void aLineWithoutAnEndEndsTheSession() throws Exception {
        fixture.greeted()
                .send("x".repeat(12_000))
                .expect("500 5.5.2 line too long")
                .hangUp();
    }

    @Test
    void announcedSizeAboveTheLimit() throws Exception {
        Talk talk = fixture.greeted();
        talk.say("MAIL FROM:<> SIZE=100001").expect("552 5.3.4 *");
        talk.say("RCPT TO:<hanako@hakone.example>").expect("503 *");
        talk.say("MAIL FROM:<> SIZE=100000").expect("250 *");
    }

    @Test
    void contentAboveTheLimitIsReadToItsEnd() throws Exception {
        Talk talk = fixture.withRecipient().say("DATA").expect("354 *");
        talk.send("x".repeat(100_001) + "\r\n.\r\n").expect("552 5.3.4 *");
        talk.say("NOOP").expect("250 *");
        assertTrue(fixture.receiver.mails.isEmpty());
        assertEquals(1, fixture.receiver.contentRefused.size());
    }

    @Test
    void contentFarAboveTheLimitEndsTheSession() throws Exception {
        Talk talk = fixture.withRecipient().say("DATA").expect("354 *");
        talk.send("x".repeat(230_000)).expect("552 5.3.4 *").hangUp();
        ServerFixture.eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals("content far above the limit", fixture.receiver.ends.remove());
    }

    @Test
    void aFullDiskIsOurFault() throws Exception {
        fixture.stop();
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming.resolve("missing"));
        Talk talk = fixture.withRecipient().say("DATA").expect("354 *");
        talk.send("x".repeat(60_000) + "\r\n.\r\n").expect("451 4.3.1 *");
        talk.say("MAIL FROM:<>", "RCPT TO:<hanako@hakone.example>", "DATA", "small", ".")
                .expect("250 *", "250 *", "354 *", "250 2.0.0 *");
        assertEquals("small\r\n", fixture.receiver.mails.remove().content());
    }

    @Test
    void silenceEndsTheSession() throws Exception {
        with(waits(SHORT, LONG, LONG, LONG))
                .connect()
                .expect("220 *", "421 4.4.2 *")
                .hangUp();
        ServerFixture.eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals("no command in time", fixture.receiver.ends.remove());
    }

    @Test
    void aTricklingCommandEndsTheSession() throws Exception {
        Talk talk = fixture.connect().expect("220 *");
        for (int octets = 0; talk.quiet() && octets < 2_000; octets++) {
            talk.send("x");
            fixture.skew.addAndGet(Duration.ofMillis(100).toNanos());
            LockSupport.parkNanos(1_000);
        }
        talk.expect("421 4.4.2 *").hangUp();
    }

    @Test
    void contentThatStopsEndsTheSession() throws Exception {
        Talk talk =
                with(waits(LONG, SHORT, LONG, LONG)).withRecipient().say("DATA").expect("354 *");
        talk.send("Subject: x\r\n").expect("421 4.4.2 *").hangUp();
        assertTrue(fixture.receiver.mails.isEmpty());
    }

    @Test
    void aTransactionThatLastsEndsTheSession() throws Exception {
        Talk talk = with(waits(LONG, LONG, SHORT, LONG))
                .greeted()
                .say("MAIL FROM:<>")
                .expect("250 *");
        talk.expect("421 4.4.2 *").hangUp();
    }

    @Test
    void aSessionThatLastsEndsBetweenTransactions() throws Exception {
        Talk talk = with(waits(LONG, LONG, Duration.ofMinutes(10), Duration.ofMinutes(5)))
                .greeted()
                .say("MAIL FROM:<>")
                .expect("250 *");
        fixture.skew.addAndGet(Duration.ofMinutes(6).toNanos());
        talk.say("RCPT TO:<hanako@hakone.example>", "DATA", "x", ".")
                .expect("250 *", "354 *", "250 *", "421 4.4.2 *")
                .hangUp();
    }

    @Test
    void sessionsFromOneAddressAreCounted() throws Exception {
        var sessions = new Sessions(50, 2, 20, 20, 100, 2048, 8192);
        with(sessions, ServerFixture.MESSAGES, ServerFixture.WAITS);
        Talk first = fixture.connect().expect("220 *");
        fixture.connect().expect("220 *");
        fixture.connect().expect("421 4.7.0 *").expectEnd();
        fixture.connect("192.0.2.8").expect("220 *");
        first.say("QUIT").expect("221 *").expectEnd();
        ServerFixture.eventually(() -> fixture.server.sessions() == 2);
        fixture.connect().expect("220 *");
    }

    @Test
    void noMoreIsAcceptedThanThereArePermits() throws Exception {
        with(new Sessions(2, 50, 20, 20, 100, 2048, 8192), ServerFixture.MESSAGES, ServerFixture.WAITS);
        Talk first = fixture.connect().expect("220 *");
        fixture.connect().expect("220 *");
        Talk third = fixture.connect();
        assertEquals(1, fixture.listener.arrivals.size());
        assertTrue(third.quiet());
        first.say("QUIT").expect("221 *");
        third.expect("220 *");
    }

    @Test
    void aListenerThatFailsIsTriedAgain() throws Exception {
        fixture.listener.failures.set(5);
        fixture.connect().expect("220 *");
        fixture.connect().expect("220 *");
        assertEquals(0, fixture.listener.failures.get());
    }

    @Test
    void memoryIsSharedOutAndComesBack() {
        var memory = new ReceiveMemory(new Memory(32 * 1024, 64 * 1024, 1024, 8 * 1024, 1));
        assertEquals(32 * 1024, memory.grant(0));
        assertEquals(18_384, memory.grant(1_000));
        assertEquals(ReceiveMemory.LEAST_ROOM, memory.grant(0));
        memory.release(32 * 1024);
        memory.release(18_384);
        memory.release(ReceiveMemory.LEAST_ROOM);
        assertEquals(0, memory.granted());
        byte[] block = memory.lend();
        assertEquals(8 * 1024, block.length);
        byte[] small = memory.lend();
        assertTrue(small.length < block.length);
        memory.giveBack(small);
        memory.giveBack(block);
        assertEquals(0, memory.lent());
        assertEquals(block.length, memory.lend().length);
    }
}
