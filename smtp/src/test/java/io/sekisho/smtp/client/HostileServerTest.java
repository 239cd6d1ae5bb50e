package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TO_BOTH;
import static io.sekisho.smtp.client.ClientFixture.TO_HANAKO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.lost;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static io.sekisho.smtp.client.ClientFixture.unreachable;
import static io.sekisho.smtp.client.ClientFixture.waits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.MemoryContent;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that break the protocol, stall, or leave: each ends within the bounds, with the right word for the mail's fate. */
@Timeout(30)
class HostileServerTest {
    private static final ClientLimits IMPATIENT = waits(Duration.ofMillis(150));

    private static MemoryContent large(int octets) {
        byte[] lines = new byte[octets];
        Arrays.fill(lines, (byte) 'x');
        for (int i = 98; i + 1 < octets; i += 100) {
            lines[i] = '\r';
            lines[i + 1] = '\n';
        }
        return new MemoryContent(lines, octets, false);
    }

    private static Transmission sendTo(ScriptedServer.Script script, ClientLimits limits) throws IOException {
        try (var server = new ScriptedServer(script);
                var client = client(server, limits)) {
            Transmission sent = client.send(server.hop(), TO_BOTH, HELLO);
            assertEquals(0, client.idleConnections());
            return sent;
        }
    }

    private static Transmission sendTo(ScriptedServer.Script script) throws IOException {
        return sendTo(script, waits(Duration.ofSeconds(10)));
    }

    private static void assertContains(String part, String whole) {
        assertTrue(whole.contains(part), whole);
    }

    @Test
    void greetingThatNeverComes() throws Exception {
        assertContains("no complete reply", unreachable(sendTo(ScriptedServer.Wire::line, IMPATIENT)));
    }

    @Test
    void greetingWithoutEndInOneLine() throws Exception {
        String detail = unreachable(sendTo(wire -> {
            wire.raw("220 ");
            while (true) {
                wire.raw("a".repeat(1000));
            }
        }));
        assertContains("a line longer than 2048 octets", detail);
        assertTrue(detail.length() < 300, detail);
    }

    @Test
    void greetingWithoutEndInManyLines() throws Exception {
        assertContains("a reply longer than 100 lines", unreachable(sendTo(wire -> {
            while (true) {
                wire.say("220-and another thing");
            }
        })));
        assertContains("32768 octets", unreachable(sendTo(wire -> {
            while (true) {
                wire.say("220-" + "b".repeat(2000));
            }
        })));
    }

    @Test
    void greetingThatIsNotSmtp() throws Exception {
        for (String garbage : List.of(
                "SSH-2.0-OpenSSH_9.2",
                "HTTP/1.1 400 Bad Request",
                "",
                "22",
                "22a x",
                "199 x",
                "600 x",
                "220x",
                "220_x",
                "\u0000\u0001\u0002\u0003",
                "220-first\r\n250 second")) {
            assertContains("not a reply", unreachable(sendTo(wire -> wire.say(garbage))));
        }
    }

    @Test
    void greetingTwice() throws Exception {
        assertContains(
                "spoke before it was asked: 220 two", unreachable(sendTo(wire -> wire.raw("220 one\r\n220 two\r\n"))));
    }

    @Test
    void leavingBeforeTheTransactionIsUnreachable() throws Exception {
        assertContains("closed the connection (waiting for the greeting)", unreachable(sendTo(wire -> {})));
        assertContains("inside a reply", unreachable(sendTo(wire -> wire.raw("220-half"))));
        String atHello = unreachable(sendTo(wire -> {
            wire.say("220 hello");
            wire.line();
        }));
        assertContains("waiting for the reply to EHLO", atHello);
    }

    @Test
    void leavingInsideTheTransactionIsLost() throws Exception {
        for (String[] capabilities : new String[][] {{}, {"PIPELINING"}}) {
            for (String at : List.of("MAIL", "RCPT TO:<taro", "DATA", ".")) {
                Transmission.Lost lost = lost(sendTo(wire -> {
                    wire.greet(capabilities);
                    wire.serve(line -> line.startsWith(at) ? ScriptedServer.DROP : null);
                }));
                assertEquals(at.equals("."), lost.contentSent(), at);
                String stage = at.equals(".") ? "the content" : at.substring(0, 4);
                assertContains("waiting for the reply to " + stage, lost.detail());
            }
        }
    }

    @Test
    void garbageInsideTheTransactionIsLost() throws Exception {
        for (String[] capabilities : new String[][] {{}, {"PIPELINING"}}) {
            for (String at : List.of("MAIL", "RCPT TO:<taro", "DATA", ".")) {
                for (String garbage :
                        List.of("what?", "250-one\r\n251 two", at.equals("DATA") ? "250 ok" : "354 go on")) {
                    Transmission.Lost lost = lost(sendTo(wire -> {
                        wire.greet(capabilities);
                        wire.serve(line -> line.startsWith(at) ? garbage : null);
                    }));
                    assertEquals(at.equals("."), lost.contentSent(), at);
                }
            }
        }
    }

    @Test
    void silenceInsideTheTransactionIsLostAfterItsTimeout() throws Exception {
        for (String at : List.of("MAIL", "RCPT TO:<taro", "DATA", ".")) {
            Transmission.Lost lost = lost(sendTo(
                    wire -> {
                        wire.greet("PIPELINING");
                        wire.serve(line -> {
                            if (line.startsWith(at)) {
                                awaitClientGone(wire);
                            }
                            return null;
                        });
                    },
                    IMPATIENT));
            assertEquals(at.equals("."), lost.contentSent(), at);
            assertContains("no complete reply", lost.detail());
        }
    }

    private static void awaitClientGone(ScriptedServer.Wire wire) {
        try {
            while (!wire.clientGone()) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            // gone with a reset: as good
            assertFalse(e.getMessage() == null);
        }
    }

    @Test
    void replyToNothingAfter354IsNotTakenForTheReplyToTheContent() throws Exception {
        Transmission.Lost lost = lost(sendTo(wire -> {
            wire.greet("PIPELINING");
            wire.serve(line -> line.equals("DATA") ? "354 go on\r\n250 2.0.0 already taken" : null);
        }));
        assertFalse(lost.contentSent());
        assertContains("already taken", lost.detail());
    }

    @Test
    void repliesThatDribbleAreRead() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.dribble("220 slow");
                    wire.line();
                    wire.dribble("250-slow\r\n250 PIPELINING");
                    for (int i = 0; i < 3; i++) {
                        wire.line();
                    }
                    wire.dribble("250-ok\r\n250 ok");
                    wire.dribble("250 ok");
                    wire.dribble("354");
                    wire.content();
                    wire.dribble("250 2.0.0 slow but sure");
                });
                var client = client(server)) {
            assertEquals(List.of("250 2.0.0 slow but sure"), replies(client.send(server.hop(), TO_HANAKO, HELLO)));
        }
    }

    @Test
    void replyThatDribblesWithoutEndIsGivenUp() throws Exception {
        long began = System.nanoTime();
        String detail = unreachable(sendTo(
                wire -> {
                    var pace = new CountDownLatch(1);
                    wire.raw("220 ");
                    for (int i = 0; i < 200; i++) {
                        assertFalse(pace.await(20, TimeUnit.MILLISECONDS));
                        wire.raw("z");
                    }
                },
                IMPATIENT));
        assertContains("no complete reply", detail);
        assertTrue(System.nanoTime() - began < 3_000_000_000L, "200 octets at this pace would have taken 4 s");
    }

    @Test
    void serverThatNeverReadsIsCutOff() throws Exception {
        var over = new CountDownLatch(1);
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    for (int i = 0; i < 3; i++) {
                        wire.line();
                    }
                    wire.say("250 ok", "250 ok", "354 go on");
                    assertTrue(over.await(20, TimeUnit.SECONDS));
                });
                var client = client(server, IMPATIENT)) {
            Transmission.Lost lost = lost(client.send(server.hop(), TO_HANAKO, large(32 << 20)));
            assertFalse(lost.contentSent());
            assertContains("sending the content", lost.detail());
            over.countDown();
        }
    }

    @Test
    void transmissionIsBoundedAsAWhole() throws Exception {
        ClientLimits usual = waits(Duration.ofSeconds(10));
        var each = usual.waits().mail();
        var bounded = new ClientLimits(
                new ClientLimits.Waits(
                        each, each, each, each, each, each, each, each, Duration.ofMillis(300), Duration.ofMillis(100)),
                usual.replies(),
                usual.kept(),
                usual.batch(),
                usual.block(),
                usual.chunk());
        Transmission.Lost lost = lost(sendTo(
                wire -> {
                    wire.greet("PIPELINING");
                    awaitClientGone(wire);
                },
                bounded));
        assertFalse(lost.contentSent());
    }

    @Test
    void refusalInTheMiddleOfTheContentIsHeard() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    for (int i = 0; i < 3; i++) {
                        wire.line();
                    }
                    wire.say("250 ok", "250 ok", "354 go on");
                    wire.readSome(100_000);
                    wire.say("552 5.3.4 too much");
                });
                var client = client(server)) {
            Transmission sent = client.send(server.hop(), TO_HANAKO, large(32 << 20));
            // a reset can overtake the words; then the mail is lost before its end, which is tried again just as well
            switch (sent) {
                case Transmission.Replied replied -> assertEquals(List.of("552 5.3.4 too much"), replies(replied));
                case Transmission.Lost lost -> assertFalse(lost.contentSent());
                case Transmission.Unreachable no -> throw new AssertionError(no.detail());
            }
        }
    }

    @Test
    void leavingInTheMiddleOfTheContentIsLostBeforeTheDot() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet();
                    for (int i = 0; i < 3; i++) {
                        String line = wire.line();
                        wire.say(line.equals("DATA") ? "354 go on" : "250 ok");
                    }
                    wire.readSome(100_000);
                });
                var client = client(server)) {
            assertFalse(
                    lost(client.send(server.hop(), TO_HANAKO, large(32 << 20))).contentSent());
        }
    }

    @Test
    void textsAreCleanedAndCut() throws Exception {
        Transmission sent = sendTo(wire -> {
            wire.greet("PIPELINING");
            wire.serve(line ->
                    line.equals(".") ? "421-5.7.1 bad\u0007bell \u001b[31mred 日本\r\n421 " + "w".repeat(2000) : null);
        });
        String text = ((Transmission.Replied) sent).replies().getFirst().text();
        assertTrue(text.startsWith("5.7.1 bad?bell ?[31mred 日本 www"), text);
        assertEquals(1000, text.length());
    }
}
