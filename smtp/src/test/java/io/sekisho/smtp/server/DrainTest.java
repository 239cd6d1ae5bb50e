package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.MemoryConnection;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainTest {
    @TempDir
    Path incoming;

    private ServerFixture fixture;

    @BeforeEach
    void start() {
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.stop();
    }

    private CompletableFuture<Integer> drain(Duration patience) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return fixture.server.drain(patience);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void idleClientsAreToldAtOnceAndMessagesMayFinish() throws Exception {
        Talk idle = fixture.greeted();
        Talk fresh = fixture.connect().expect("220 *");
        Talk sending = fixture.withRecipient().say("DATA").expect("354 *");
        Talk envelope = fixture.greeted().say("MAIL FROM:<>").expect("250 *");
        CompletableFuture<Integer> drained = drain(Duration.ofSeconds(10));
        idle.expect("421 4.3.2 *").hangUp();
        fresh.expect("421 4.3.2 *").hangUp();
        sending.say("whole", ".").expect("250 2.0.0 *", "421 4.3.2 *").hangUp();
        envelope.say("RCPT TO:<hanako@hakone.example>", "DATA", "too", ".", "MAIL FROM:<>")
                .expect("250 *", "354 *", "250 2.0.0 *", "421 4.3.2 *")
                .hangUp();
        assertEquals(0, drained.get(10, TimeUnit.SECONDS));
        assertEquals(2, fixture.receiver.mails.size());
        assertEquals(0, fixture.server.sessions());
        assertEquals(0, fixture.server.drain(Duration.ofSeconds(1)), "stopping twice does no harm");
    }

    @Test
    void aSilentClientIsLetGoWithinTheParting() throws Exception {
        Talk idle = fixture.greeted();
        CompletableFuture<Integer> drained = drain(Duration.ofSeconds(10));
        idle.expect("421 4.3.2 *");
        assertEquals(0, drained.get(10, TimeUnit.SECONDS));
    }

    @Test
    void whoTakesTooLongIsCutOff() throws Exception {
        Talk sending = fixture.withRecipient().say("DATA").expect("354 *");
        sending.send("half");
        assertEquals(1, drain(Duration.ofMillis(20)).get(10, TimeUnit.SECONDS));
        assertTrue(fixture.receiver.mails.isEmpty());
        assertEquals(0, fixture.server.sessions());
        sending.expectEnd();
    }

    @Test
    void contentThatIsBeingJudgedIsInterrupted() throws Exception {
        Talk waiting = fixture.greeted()
                .say("MAIL FROM:<>", "RCPT TO:<wait@hakone.example>", "DATA", "x", ".")
                .expect("250 *", "250 *", "354 *");
        assertTrue(fixture.receiver.contentArrived.await(5, TimeUnit.SECONDS));
        CompletableFuture<Integer> drained = drain(Duration.ofMillis(20));
        waiting.expect("421 4.3.2 *").hangUp();
        assertEquals(1, drained.get(10, TimeUnit.SECONDS));
        assertTrue(fixture.receiver.mails.isEmpty());
    }

    @Test
    void nothingIsSaidBeforeTheRepliesThatAreDue() throws Exception {
        var pair = MemoryConnection.pair(InetAddress.ofLiteral(ServerFixture.CLIENT), 1, 64 * 1024, System::nanoTime);
        fixture.listener.arrivals.put(
                new WatchedConnection(pair.server(), Collections.synchronizedList(new ArrayList<>()), true));
        Talk talk = new Talk(pair.client());
        Talk idle = fixture.greeted();
        talk.say("EHLO x", "MAIL FROM:<>", "RCPT TO:<hanako@hakone.example>", "DATA")
                .expect("220 *")
                .helloReply()
                .expect("250 *", "250 *", "354 *");
        talk.say("x", ".").send("NOO");
        ServerFixture.eventually(() -> !fixture.receiver.mails.isEmpty());
        CompletableFuture<Integer> drained = drain(Duration.ofSeconds(10));
        idle.expect("421 4.3.2 *").hangUp();
        talk.send("P\r\n").expect("250 2.0.0 stored as *");
        talk.hangUp();
        assertEquals(0, drained.get(10, TimeUnit.SECONDS));
    }
}
