package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TO_HANAKO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.kept;
import static io.sekisho.smtp.client.ClientFixture.lost;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static io.sekisho.smtp.client.ClientFixture.unreachable;
import static io.sekisho.smtp.client.ClientFixture.waits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KeptConnectionsTest {
    private static final List<String> TAKEN = List.of("250 2.0.0 taken");
    private static final ScriptedServer.Script POLITE = wire -> {
        wire.greet("PIPELINING");
        wire.serve(line -> null);
    };
    /** One message, then the connection ends as soon as the test says so. */
    private static final ScriptedServer.Answers ONCE = line -> line.equals(".") ? "250 2.0.0 taken" : null;

    private static ClientLimits.Kept bounds(int perHop, int all, int messages) {
        return new ClientLimits.Kept(perHop, all, Duration.ofSeconds(10), messages, 16 * 1024, 10);
    }

    private static List<String> send(SmtpClient client, ScriptedServer server) {
        return replies(client.send(server.hop(), TO_HANAKO, HELLO));
    }

    /** Serves one message and stays until the latch opens. */
    private static ScriptedServer.Script oneMessage(CountDownLatch leave) {
        return wire -> {
            wire.greet("PIPELINING");
            for (int i = 0; i < 3; i++) {
                String line = wire.line();
                wire.say(line.equals("DATA") ? "354 go on" : "250 ok");
            }
            wire.content();
            wire.say(String.valueOf(ONCE.to(".")));
            assertTrue(leave.await(10, TimeUnit.SECONDS));
        };
    }

    @Test
    void oneConnectionCarriesManyMessages() throws Exception {
        try (var server = new ScriptedServer(POLITE);
                var client = client(server)) {
            for (int i = 0; i < 20; i++) {
                assertEquals(TAKEN, send(client, server));
            }
            assertEquals(1, server.connections());
            assertEquals(20, server.contents.size());
            assertEquals(1 + 2 * 20, server.clientSides.getFirst().writes(), "EHLO once, then two writes a message");
        }
    }

    @Test
    void deadOneIsReplacedUnnoticed() throws Exception {
        var leave = new CountDownLatch(1);
        try (var server = new ScriptedServer(oneMessage(leave), POLITE);
                var client = client(server)) {
            assertEquals(TAKEN, send(client, server));
            leave.countDown();
            server.awaitEnded(1);
            assertEquals(TAKEN, send(client, server));
            assertEquals(2, server.connections());
            assertEquals(2, server.contents.size());
        }
    }

    @Test
    void oneThatSaid421MeanwhileIsReplaced() throws Exception {
        try (var server = new ScriptedServer(
                        wire -> {
                            wire.greet("PIPELINING");
                            wire.serve(line -> line.equals(".") ? "250 2.0.0 taken\r\n421 4.4.2 idle" : null);
                        },
                        POLITE);
                var client = client(server)) {
            assertEquals(TAKEN, send(client, server));
            assertEquals(TAKEN, send(client, server));
            assertEquals(2, server.connections());
        }
    }

    @Test
    void oneThatSaidMoreThanItWasAskedIsReplaced() throws Exception {
        var parked = new CountDownLatch(1);
        try (var server = new ScriptedServer(
                        wire -> {
                            wire.greet("PIPELINING");
                            for (int i = 0; i < 3; i++) {
                                wire.say(wire.line().equals("DATA") ? "354 go on" : "250 ok");
                            }
                            wire.content();
                            wire.say("250 2.0.0 taken");
                            assertTrue(parked.await(10, TimeUnit.SECONDS));
                            wire.say("250 2.0.0 taken again");
                            wire.serve(line -> null);
                        },
                        POLITE);
                var client = client(server)) {
            assertEquals(TAKEN, send(client, server));
            parked.countDown();
            while (!server.clientSides.getFirst().readable()) {
                Thread.onSpinWait();
            }
            assertEquals(TAKEN, send(client, server));
            assertEquals(2, server.connections());
            assertEquals(2, server.commands("MAIL").size(), "nothing more was said on the first");
        }
    }

    @Test
    void oneThatAnswersMailWith421OrRubbishIsReplaced() throws Exception {
        for (String answer : List.of("421 4.4.2 you were idle", "???", ScriptedServer.DROP)) {
            var second = new AtomicBoolean();
            try (var server = new ScriptedServer(
                            wire -> {
                                wire.greet("PIPELINING");
                                wire.serve(line -> line.startsWith("MAIL") && second.getAndSet(true) ? answer : null);
                            },
                            POLITE);
                    var client = client(server)) {
                assertEquals(TAKEN, send(client, server));
                assertEquals(TAKEN, send(client, server), answer);
                assertEquals(2, server.connections());
                assertEquals(2, server.contents.size());
            }
        }
    }

    @Test
    void oneThatFailsAfterItsReplyToMailIsNotReplaced() throws Exception {
        var second = new AtomicBoolean();
        try (var server = new ScriptedServer(
                        wire -> {
                            wire.greet();
                            wire.serve(line ->
                                    line.startsWith("RCPT") && second.getAndSet(true) ? ScriptedServer.DROP : null);
                        },
                        POLITE);
                var client = client(server)) {
            assertEquals(TAKEN, send(client, server));
            assertFalse(lost(client.send(server.hop(), TO_HANAKO, HELLO)).contentSent());
            assertEquals(1, server.connections());
        }
    }

    @Test
    void replacementHappensOnce() throws Exception {
        var leave = new CountDownLatch(1);
        try (var server = new ScriptedServer(oneMessage(leave), wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> ScriptedServer.DROP);
                });
                var client = client(server)) {
            assertEquals(TAKEN, send(client, server));
            leave.countDown();
            server.awaitEnded(1);
            assertFalse(lost(client.send(server.hop(), TO_HANAKO, HELLO)).contentSent());
            assertEquals(2, server.connections());
        }
    }

    @Test
    void replacementThatCannotBeMadeIsUnreachable() throws Exception {
        var leave = new CountDownLatch(1);
        var down = new AtomicBoolean();
        try (var server = new ScriptedServer(oneMessage(leave));
                var client = new SmtpClient(
                        "gate.example",
                        (hop, timeout) -> {
                            if (down.get()) {
                                throw new ConnectException("connection refused by 192.0.2.1:25");
                            }
                            return server.connect(hop, timeout);
                        },
                        waits(Duration.ofSeconds(10)),
                        ClientFixture.TLS,
                        System::nanoTime)) {
            assertEquals(TAKEN, send(client, server));
            down.set(true);
            leave.countDown();
            server.awaitEnded(1);
            assertEquals(
                    "connection refused by 192.0.2.1:25", unreachable(client.send(server.hop(), TO_HANAKO, HELLO)));
        }
    }

    @Test
    void refusedResetMeansAnotherConnection() throws Exception {
        try (var server = new ScriptedServer(
                        wire -> {
                            wire.greet("PIPELINING");
                            wire.serve(line -> line.startsWith("RCPT")
                                    ? "550 5.1.1 no"
                                    : line.equals("DATA") || line.equals("RSET") ? "503 5.5.1 no" : null);
                        },
                        POLITE);
                var client = client(server)) {
            assertEquals(List.of("550 5.1.1 no"), send(client, server));
            assertEquals(TAKEN, send(client, server));
            assertEquals(2, server.connections());
        }
    }

    @Test
    void idleOnesAreGivenUpWithQuitWhenTheirTimeHasCome() throws Exception {
        var clock = new AtomicLong();
        ClientLimits limits = kept(bounds(50, 1000, 1000));
        try (var server = new ScriptedServer(POLITE);
                var client = new SmtpClient("gate.example", server::connect, limits, ClientFixture.TLS, clock::get)) {
            assertEquals(TAKEN, send(client, server));
            clock.addAndGet(Duration.ofMillis(9_999).toNanos());
            client.reap();
            assertEquals(1, client.idleConnections());
            clock.addAndGet(Duration.ofMillis(1).toNanos());
            client.reap();
            assertEquals(0, client.idleConnections());
            server.awaitEnded(1);
            assertEquals("QUIT", server.heard.getLast());
            assertEquals(TAKEN, send(client, server));
            assertEquals(2, server.connections());
        }
    }

    @Test
    void tooOldOneIsNotUsedEvenBeforeItIsReaped() throws Exception {
        var clock = new AtomicLong();
        try (var server = new ScriptedServer(POLITE);
                var client = new SmtpClient(
                        "gate.example", server::connect, kept(bounds(50, 1000, 1000)), ClientFixture.TLS, clock::get)) {
            assertEquals(TAKEN, send(client, server));
            clock.addAndGet(Duration.ofSeconds(11).toNanos());
            assertEquals(TAKEN, send(client, server));
            assertEquals(2, server.connections());
        }
    }

    @Test
    void connectionIsGivenUpAfterItsShareOfMessages() throws Exception {
        try (var server = new ScriptedServer(POLITE);
                var client = client(server, kept(bounds(50, 1000, 3)))) {
            for (int i = 0; i < 7; i++) {
                assertEquals(TAKEN, send(client, server));
            }
            assertEquals(3, server.connections());
            server.awaitEnded(2);
            assertEquals(2, server.commands("QUIT").size());
        }
    }

    @Test
    void noMoreAreKeptThanTheBounds() throws Exception {
        assertEquals(2, keptOfFive(bounds(2, 1000, 1000)));
        assertEquals(3, keptOfFive(bounds(50, 3, 1000)));
        assertEquals(5, keptOfFive(bounds(50, 1000, 1000)));
    }

    private static int keptOfFive(ClientLimits.Kept bounds) throws Exception {
        var together = new CyclicBarrier(5);
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> line.equals(".") ? meet(together) : null);
                });
                var client = client(server, kept(bounds));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> sent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sent.add(threads.submit(() -> send(client, server)));
            }
            for (var each : sent) {
                assertEquals(List.of("250 together"), each.get(10, TimeUnit.SECONDS));
            }
            int kept = client.idleConnections();
            server.awaitEnded(5 - kept);
            assertEquals(5 - kept, server.commands("QUIT").size());
            return kept;
        }
    }

    private static String meet(CyclicBarrier together) {
        try {
            together.await(10, TimeUnit.SECONDS);
            return "250 together";
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingSaysQuitAndKeepsNoMore() throws Exception {
        try (var server = new ScriptedServer(POLITE)) {
            var client = client(server);
            assertEquals(TAKEN, send(client, server));
            client.close();
            server.awaitEnded(1);
            assertEquals("QUIT", server.heard.getLast());
            assertEquals(TAKEN, send(client, server));
            assertEquals(0, client.idleConnections());
            server.awaitEnded(1);
        }
    }

    @Test
    void serverThatDoesNotAnswerQuitHoldsNobodyUp() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> {
                        if (line.equals("QUIT")) {
                            awaitGone(wire);
                            gone.countDown();
                        }
                        return null;
                    });
                });
                var client = client(server, kept(bounds(0, 0, 1)))) {
            assertEquals(TAKEN, send(client, server));
            assertEquals(TAKEN, send(client, server));
            assertTrue(gone.await(10, TimeUnit.SECONDS), "closed after the parting wait");
        }
    }

    private static void awaitGone(ScriptedServer.Wire wire) {
        try {
            assertTrue(wire.clientGone());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
