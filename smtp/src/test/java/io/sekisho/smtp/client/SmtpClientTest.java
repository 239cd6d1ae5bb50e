package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.HANAKO;
import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TO_BOTH;
import static io.sekisho.smtp.client.ClientFixture.TO_HANAKO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.content;
import static io.sekisho.smtp.client.ClientFixture.envelope;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static io.sekisho.smtp.client.ClientFixture.unreachable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.PrecededContent;
import io.sekisho.smtp.Connection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SmtpClientTest {
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Connection noConnection(NextHop hop, Duration timeout) throws IOException {
        throw new ConnectException("connection refused by 192.0.2.1:" + hop.port());
    }

    @Test
    void commandsArePipelinedWhenTheServerOffersIt() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.say("220 mx.example ready");
                    wire.expect("EHLO gate.example");
                    wire.say("250-mx.example", "250-pipelining", "250 SIZE 1000000");
                    wire.expect("MAIL FROM:<alice@sender.example> SIZE=" + HELLO.size());
                    wire.expect("RCPT TO:<hanako@hakone.example>");
                    wire.expect("RCPT TO:<taro@hakone.example>");
                    wire.expect("DATA");
                    wire.say("250 ok", "250 ok", "250 ok", "354 go on");
                    wire.content();
                    wire.say("250 2.0.0 queued as 4711");
                    wire.line();
                });
                var client = client(server)) {
            Transmission sent = client.send(server.hop(), TO_BOTH, HELLO);
            assertEquals(List.of("250 2.0.0 queued as 4711", "250 2.0.0 queued as 4711"), replies(sent));
            assertEquals("127.0.0.1:" + server.hop().port(), ((Transmission.Replied) sent).server());
            assertArrayEquals(ascii("Subject: hello\r\n\r\nHello Hanako.\r\n.\r\n"), server.contents.getFirst());
            assertEquals(3, server.clientSides.getFirst().writes(), "EHLO, commands, content");
        }
    }

    @Test
    void commandsWaitForRepliesWhenItDoesNot() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet();
                    for (String expected : List.of(
                            "MAIL FROM:<alice@sender.example>",
                            "RCPT TO:<hanako@hakone.example>",
                            "RCPT TO:<taro@hakone.example>")) {
                        wire.expect(expected);
                        wire.expectSilence();
                        wire.say("250 ok");
                    }
                    wire.expect("DATA");
                    wire.expectSilence();
                    wire.say("354 go on");
                    wire.content();
                    wire.say("250 done");
                });
                var client = client(server)) {
            assertEquals(List.of("250 done", "250 done"), replies(client.send(server.hop(), TO_BOTH, HELLO)));
        }
    }

    @Test
    void heloIsSaidWhereEhloIsNotKnown() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.say("220 old.example");
                    wire.expect("EHLO gate.example");
                    wire.say("502 5.5.1 no such command");
                    wire.expect("HELO gate.example");
                    wire.say("250 old.example");
                    wire.expect("MAIL FROM:<>");
                    wire.say("250 ok");
                    wire.serve(line -> null);
                });
                var client = client(server)) {
            var bounce = new Envelope(new ReversePath.Null(), List.of(HANAKO));
            assertEquals(List.of("250 2.0.0 taken"), replies(client.send(server.hop(), bounce, HELLO)));
        }
    }

    @Test
    void messageAboveTheSizeLimitIsNotSent() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING", "SIZE 20");
                    wire.serve(line -> null);
                });
                var client = client(server)) {
            Transmission.Replied sent = (Transmission.Replied) client.send(server.hop(), TO_BOTH, HELLO);
            assertEquals(2, sent.replies().size());
            assertEquals(552, sent.replies().getFirst().code());
            assertEquals(new EnhancedStatus(5, 3, 4), sent.replies().getFirst().status());
            assertEquals(List.of(), server.commands("MAIL"));
            assertEquals(1, client.idleConnections(), "the connection is good for the next message");
        }
    }

    @Test
    void eightBitContentIsDeclaredOrRefused() throws Exception {
        Content japanese = content("Subject: x\r\n\r\nこんにちは\r\n");
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("8BITMIME");
                    wire.serve(line -> null);
                });
                var client = client(server)) {
            assertEquals(List.of("250 2.0.0 taken"), replies(client.send(server.hop(), TO_HANAKO, japanese)));
            assertEquals(List.of("MAIL FROM:<alice@sender.example> BODY=8BITMIME"), server.commands("MAIL"));
            client.send(server.hop(), TO_HANAKO, HELLO);
            assertEquals(
                    "MAIL FROM:<alice@sender.example>", server.commands("MAIL").getLast());
        }
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> null);
                });
                var client = client(server)) {
            Transmission.Replied sent = (Transmission.Replied) client.send(server.hop(), TO_HANAKO, japanese);
            assertEquals(554, sent.replies().getFirst().code());
            assertEquals(new EnhancedStatus(5, 6, 3), sent.replies().getFirst().status());
            assertEquals(List.of(), server.commands("MAIL"));
        }
    }

    @Test
    void addressesThatCannotBeWrittenAreNeverSent() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> null);
                });
                var client = client(server)) {
            Envelope odd = envelope(
                    new Mailbox("x\r\nDATA", "hakone.example"),
                    new Mailbox("花子", "hakone.example"),
                    new Mailbox("y", "a> SIZE=1"),
                    new Mailbox("big \"quote\"", "hakone.example"));
            Transmission.Replied sent = (Transmission.Replied) client.send(server.hop(), odd, HELLO);
            assertEquals(
                    List.of(553, 553, 553, 250),
                    sent.replies().stream().map(r -> r.code()).toList());
            assertEquals(List.of("RCPT TO:<\"big \\\"quote\\\"\"@hakone.example>"), server.commands("RCPT"));
            var sender = new Envelope(new ReversePath.Of(new Mailbox("a\nb", "sender.example")), List.of(HANAKO));
            assertEquals(
                    553,
                    ((Transmission.Replied) client.send(server.hop(), sender, HELLO))
                            .replies()
                            .getFirst()
                            .code());
            assertEquals(1, server.commands("MAIL").size());
        }
    }

    @Test
    void manyRecipientsGoInBatchesThatAreAnsweredInBetween() throws Exception {
        int many = 250;
        Mailbox[] recipients = IntStream.range(0, many)
                .mapToObj(i -> new Mailbox("r" + i, "hakone.example"))
                .toArray(Mailbox[]::new);
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    int left = 1 + many + 1;
                    while (left > 0) {
                        int batch = Math.min(100, left);
                        var replies = new StringBuilder();
                        for (int i = 0; i < batch; i++) {
                            String line = wire.line();
                            replies.append(
                                    line.equals("DATA")
                                            ? "354 go on\r\n"
                                            : line.contains("<r7") ? "550 no\r\n" : "250 ok\r\n");
                        }
                        wire.expectSilence();
                        wire.raw(replies.toString());
                        left -= batch;
                    }
                    wire.content();
                    wire.say("250 all");
                });
                var client = client(server)) {
            List<String> replies = replies(client.send(server.hop(), envelope(recipients), HELLO));
            for (int i = 0; i < many; i++) {
                assertEquals(("r" + i).startsWith("r7") ? "550 no" : "250 all", replies.get(i));
            }
        }
    }

    @Test
    void contentLargerThanOneBlockAndWithoutLastLineEndArrivesWhole() throws Exception {
        String line = "..a line of mail with dots at its head\r\n";
        Content large = content(line.repeat(9000) + "no end");
        Content preceded = new PrecededContent("Received: by gate.example\r\n", large);
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(l -> null);
                });
                var client = client(server)) {
            assertEquals(List.of("250 2.0.0 taken"), replies(client.send(server.hop(), TO_HANAKO, preceded)));
            assertArrayEquals(
                    ascii("Received: by gate.example\r\n" + ("." + line).repeat(9000) + "no end\r\n.\r\n"),
                    server.contents.getFirst());
            assertTrue(server.clientSides.getFirst().writes() <= 2 + 6, "blocks of 64 KiB");
        }
    }

    private static Content failing() {
        return new Content() {
            @Override
            public long size() {
                return 200_000;
            }

            @Override
            public boolean eightBit() {
                return false;
            }

            @Override
            public InputStream open() {
                return new InputStream() {
                    private int given;

                    @Override
                    public int read() {
                        throw new AssertionError("read octet by octet");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        if (given > 100_000) {
                            throw new IOException("disk error");
                        }
                        given += length;
                        return length;
                    }
                };
            }
        };
    }

    private static Content truncated() {
        return new Content() {
            @Override
            public long size() {
                return 100;
            }

            @Override
            public boolean eightBit() {
                return false;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(ascii("only this\r\n"));
            }
        };
    }

    @Test
    void contentThatCannotBeReadIsOurTroubleAndNeverEndsWithADot() throws Exception {
        Content failing = failing();
        Content truncated = truncated();
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(l -> null);
                });
                var client = client(server)) {
            for (Content content : List.of(failing, truncated)) {
                assertThrows(UncheckedIOException.class, () -> client.send(server.hop(), TO_HANAKO, content));
            }
            server.awaitEnded(2);
            assertEquals(List.of(), server.contents);
            assertEquals(0, client.idleConnections());
        }
    }

    @Test
    void noConnectionIsUnreachable() {
        try (var client = new SmtpClient(
                "gate.example",
                SmtpClientTest::noConnection,
                ClientLimits.defaults(),
                ClientFixture.TLS,
                System::nanoTime)) {
            assertEquals(
                    "connection refused by 192.0.2.1:25",
                    unreachable(client.send(new NextHop("mx.example", 25), TO_HANAKO, HELLO)));
        }
    }

    @Test
    void serverThatTurnsUsAwayIsUnreachable() throws Exception {
        for (String greeting : List.of("554 5.3.2 no mail here", "421 4.3.2 busy", "450 later", "250 odd", "354 odd")) {
            try (var server = new ScriptedServer(wire -> wire.say(greeting));
                    var client = client(server)) {
                String detail = unreachable(client.send(server.hop(), TO_HANAKO, HELLO));
                assertTrue(detail.contains(greeting), detail);
            }
        }
        for (String answer : List.of("421 4.3.2 busy", "450 4.7.1 who are you", "354 odd")) {
            try (var server = new ScriptedServer(wire -> {
                        wire.say("220 hello");
                        wire.line();
                        wire.say(answer);
                    });
                    var client = client(server)) {
                String detail = unreachable(client.send(server.hop(), TO_HANAKO, HELLO));
                assertTrue(detail.contains(answer), detail);
            }
        }
    }

    @Test
    void ourNameMustFitIntoACommand() {
        for (String bad : List.of("", "a b", "a\r\nb", "名前")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new SmtpClient(
                            bad,
                            SmtpClientTest::noConnection,
                            ClientLimits.defaults(),
                            ClientFixture.TLS,
                            System::nanoTime));
        }
    }
}
