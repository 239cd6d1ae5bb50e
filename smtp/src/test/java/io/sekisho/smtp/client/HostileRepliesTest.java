package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.HANAKO;
import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TO_BOTH;
import static io.sekisho.smtp.client.ClientFixture.TO_HANAKO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static io.sekisho.smtp.client.ClientFixture.waits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.Content;
import io.sekisho.smtp.tls.TestIdentities;
import io.sekisho.smtp.tls.TlsPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every wrong reply at every step, offers that make no sense, and replies nobody asked for. */
@Timeout(60)
class HostileRepliesTest {
    private static final List<String> STEPS = List.of("greeting", "EHLO", "MAIL", "RCPT", "DATA", ".");

    /**
     * A reply, and what comes of it at each of the steps: U unreachable, L lost before the end of the content was sent, S lost after
     * it, D delivered. D at DATA means that 354 was taken; 4 and 5 that the reply became that of the recipients; H that HELO was
     * said instead.
     */
    private static final List<String> TABLE = List.of(
            "199 x                | U U L L L S",
            "200 x                | U U D D L D",
            "220 x                | D U D D L D",
            "250 x                | U D D D L D",
            "251 x                | U U D D L D",
            "299 x                | U U D D L D",
            "300 x                | U U L L L S",
            "354 x                | U U L L D S",
            "399 x                | U U L L L S",
            "400 x                | U U 4 4 4 4",
            "421 x                | U U 4 4 4 4",
            "451 x                | U U 4 4 4 4",
            "500 x                | U H 5 5 5 5",
            "554 5.7.1 x          | U H 5 5 5 5",
            "599 x                | U H 5 5 5 5",
            "600 x                | U U L L L S",
            "999 x                | U U L L L S",
            "000 x                | U U L L L S",
            "-50 x                | U U L L L S",
            "25 x                 | U U L L L S",
            "2500 x               | U U L L L S",
            "abc x                | U U L L L S",
            " 250 x               | U U L L L S",
            "\u0000250 x          | U U L L L S",
            "\u0663\u0665\u0664 x | U U L L L S",
            "250-x\r\n251 x       | U U L L L S",
            "250-x\r\n\r\n250 x   | U U L L L S",
            "250-x\r\n250_x       | U U L L L S",
            "554-x\r\n250 x       | U U L L L S",
            "                     | U U L L L S");

    private static ScriptedServer at(String step, String reply, String... capabilities) throws IOException {
        return new ScriptedServer(wire -> {
            wire.say(step.equals("greeting") ? reply : "220 mx.example ready");
            wire.line();
            String hello = String.join(
                    "\r\n", List.of(capabilities).stream().map(c -> "250-" + c).toList());
            wire.say(step.equals("EHLO") ? reply : (hello.isEmpty() ? "" : hello + "\r\n") + "250 mx.example");
            wire.serve(line -> line.startsWith("HELO") ? "250 mx" : line.startsWith(step) ? reply : null);
        });
    }

    private static char outcome(Transmission sent, boolean helo) {
        return switch (sent) {
            case Transmission.Unreachable u -> 'U';
            case Transmission.Lost lost -> lost.contentSent() ? 'S' : 'L';
            case Transmission.Replied replied -> {
                int first = replied.replies().getFirst().code() / 100;
                yield helo ? 'H' : first == 2 ? 'D' : (char) ('0' + first);
            }
        };
    }

    @Test
    void everyReplyAtEveryStep() throws Exception {
        for (String row : TABLE) {
            String reply = row.substring(0, row.lastIndexOf('|')).stripTrailing();
            String[] wanted = row.substring(row.lastIndexOf('|') + 1).strip().split(" ");
            assertEquals(STEPS.size(), wanted.length, row);
            for (int i = 0; i < wanted.length; i++) {
                for (String[] capabilities : new String[][] {{}, {"mx", "PIPELINING"}}) {
                    try (var server = at(STEPS.get(i), reply, capabilities);
                            var client = client(server)) {
                        Transmission sent = client.send(server.hop(), TO_BOTH, HELLO);
                        String what = reply + " at " + STEPS.get(i) + ": " + sent;
                        char got = outcome(sent, !server.commands("HELO").isEmpty());
                        assertEquals(wanted[i], String.valueOf(got), what);
                        assertTrue("ULS".indexOf(got) < 0 || client.idleConnections() == 0, what);
                    }
                }
            }
        }
    }

    /** Whatever is offered, the message arrives once, or the server cannot be reached. */
    @Test
    void offersThatMakeNoSense() throws Exception {
        for (String offer : List.of(
                "SIZE 0",
                "SIZE -1",
                "SIZE 18446744073709551616",
                "SIZE 1 2 3",
                "SIZE",
                "LIMITS",
                "LIMITS RCPTMAX=0 MAILMAX=0 RCPTDOMAINMAX=0",
                "LIMITS RCPTMAX=-1",
                "LIMITS RCPTMAX=1 RCPTMAX=99999999999999999999",
                "LIMITS RCPTMAX",
                "PIPELINING PIPELINING",
                "8BITMIME=NO",
                "STARTTLS REQUIRED",
                "=",
                "\t",
                "x".repeat(2000),
                "250 250 250",
                "\u0000\u0007\u001b[2J")) {
            try (var server = at("none", "", "mx", offer);
                    var client = client(server)) {
                Transmission sent = client.send(server.hop(), new TlsPolicy.None(), TO_HANAKO, HELLO);
                assertEquals(List.of("250 2.0.0 taken"), replies(sent), offer);
                assertEquals(1, server.contents.size(), offer);
            }
        }
        String[] thousands = new String[5000];
        Arrays.setAll(thousands, i -> "X-OFFER-" + i);
        try (var server = at("none", "", thousands);
                var client = client(server)) {
            Transmission sent = client.send(server.hop(), TO_HANAKO, HELLO);
            assertTrue(ClientFixture.unreachable(sent).contains("a reply longer than 100 lines"), sent::toString);
        }
    }

    /** A reply that is there before its question could be asked belongs to no question. */
    @Test
    void repliesBeforeTheirCommands() throws Exception {
        String all = "250 ok\r\n250 ok\r\n354 go on\r\n250 2.0.0 taken\r\n";
        for (String[] said : new String[][] {
            {"220 mx\r\n250 mx\r\n" + all, ""},
            {"220 mx\r\n", "250 mx\r\n" + all},
            {"220 mx\r\n", "250-mx\r\n250 PIPELINING\r\n" + all},
        }) {
            try (var server = new ScriptedServer(wire -> {
                        wire.raw(said[0]);
                        wire.line();
                        wire.raw(said[1]);
                        wire.serve(line -> null);
                    });
                    var client = client(server)) {
                Transmission sent = client.send(server.hop(), TO_HANAKO, HELLO);
                assertFalse(sent instanceof Transmission.Replied, () -> "believed: " + sent);
                assertTrue(server.contents.isEmpty());
            }
        }
    }

    @Test
    void aPositiveReplyToStartTlsThatIsNot220IsNoPlaceToGoOn() throws Exception {
        ScriptedServer.Script plain = wire -> {
            wire.greet();
            wire.serve(line -> null);
        };
        for (String reply : List.of("250 ok", "354 go on", "999 what", "220")) {
            ScriptedServer.Script odd = wire -> {
                wire.greet("STARTTLS");
                wire.expect("STARTTLS");
                wire.say(reply);
                wire.readSome(1);
                wire.raw(reply.equals("220") ? "500 what\r\n" : "");
                if (!reply.equals("220")) {
                    throw new AssertionError("it went on after " + reply);
                }
            };
            try (var server = new ScriptedServer(odd, plain);
                    var client = client(server)) {
                assertEquals(
                        List.of("250 2.0.0 taken"),
                        replies(client.send(server.hop(), new TlsPolicy.Opportunistic(), TO_HANAKO, HELLO)));
                assertEquals(2, server.connections(), reply);
            }
        }
    }

    /** One octet at a time, each well within every time-out: the transmission as a whole ends. */
    @Test
    void aSlowDripIsBoundedByTheTransmission() throws Exception {
        ClientLimits usual = waits(Duration.ofSeconds(10));
        var each = usual.waits().mail();
        var bounded = new ClientLimits(
                new ClientLimits.Waits(
                        each, each, each, each, each, each, each, each, Duration.ofMillis(500), Duration.ofMillis(100)),
                usual.replies(),
                usual.kept(),
                usual.batch(),
                usual.block(),
                usual.chunk());
        for (String step : List.of("greeting", "MAIL", ".")) {
            try (var server = new ScriptedServer(wire -> {
                        if (!step.equals("greeting")) {
                            wire.greet("PIPELINING");
                            wire.serve(line -> {
                                if (line.startsWith(step)) {
                                    drip(wire, "250-");
                                }
                                return null;
                            });
                        }
                        drip(wire, "220-");
                    });
                    var client = client(server, bounded)) {
                long began = System.nanoTime();
                Transmission sent = client.send(server.hop(), TO_HANAKO, HELLO);
                assertFalse(sent instanceof Transmission.Replied, sent::toString);
                assertTrue(System.nanoTime() - began < 5_000_000_000L, step);
            }
        }
    }

    private static void drip(ScriptedServer.Wire wire, String line) {
        var pace = new CountDownLatch(1);
        try {
            wire.raw(line);
            while (!pace.await(20, TimeUnit.MILLISECONDS)) {
                wire.raw("z");
            }
        } catch (IOException | InterruptedException e) {
            assertFalse(pace.getCount() == 0, "the client has gone");
        }
    }

    @Test
    void whatIsSentIsUnharmedByWhatIsSaid() throws Exception {
        Content content = ClientFixture.content("Subject: x\r\n\r\n.\r\nQUIT\r\n");
        try (var server = at("RCPT", "250 ok\0\u0085\u2028\u202e\u001b[31m250 2.0.0 forged", "mx", "PIPELINING");
                var client = client(server)) {
            assertEquals(List.of("250 2.0.0 taken"), replies(client.send(server.hop(), TO_HANAKO, content)));
        }
        try (var server = at(".", "550 no\0\u0085\u2028\u202e\u001b[31m\ud83d\ude00", "mx");
                var client = client(server)) {
            assertEquals(
                    List.of("550 no?????[31m\ud83d\ude00"), replies(client.send(server.hop(), TO_HANAKO, content)));
        }
    }

    /** A probe believes only what is said about the recipient. */
    @Test
    void aProbeIsNotMisled() throws Exception {
        for (String[] odd : new String[][] {
            {"MAIL", "550 5.7.1 not from you"},
            {"MAIL", "530 Must issue a STARTTLS command first"},
            {"MAIL", "354 go on"},
            {"RCPT", "354 go on"},
            {"RCPT", "199 wait"},
            {"greeting", "554 go away"},
            {"EHLO", "421 bye"},
        }) {
            try (var server = at(odd[0], odd[1], "mx", "PIPELINING")) {
                var probe = probe(server);
                IOException e = assertThrows(IOException.class, () -> probe.ask(server.hop(), HANAKO), odd[1]);
                assertTrue(String.valueOf(e.getMessage()).startsWith("127.0.0.1:"), e::toString);
            }
        }
        try (var server = at("RCPT", "550 5.1.1 nobody", "mx")) {
            assertEquals(550, probe(server).ask(server.hop(), HANAKO).code());
        }
    }

    private static RecipientProbe probe(ScriptedServer server) {
        return new RecipientProbe(
                "gate.example",
                server::connect,
                waits(Duration.ofSeconds(10)),
                ClientFixture.TLS,
                new TlsPolicy.Opportunistic(),
                System::nanoTime);
    }

    @Test
    void aProbeGoesOverToTls() throws Exception {
        try (var server = new ScriptedServer(wire -> {
            wire.greet("STARTTLS");
            wire.expect("STARTTLS");
            wire.say("220 go on");
            wire.startTls(TestIdentities.server(TestIdentities.GOOD));
            wire.line();
            wire.say("250 mx");
            wire.serve(line -> line.startsWith("RCPT") ? "550 5.1.1 nobody" : null);
        })) {
            assertEquals(
                    "550 5.1.1 nobody", probe(server).ask(server.hop(), HANAKO).toString());
            assertEquals(List.of("EHLO gate.example", "STARTTLS", "EHLO gate.example"), server.heard.subList(0, 3));
        }
    }
}
