package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TARO;
import static io.sekisho.smtp.client.ClientFixture.TO_BOTH;
import static io.sekisho.smtp.client.ClientFixture.TO_HANAKO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.envelope;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.mail.address.EnhancedStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Refusals at each command, and what becomes of the recipients and of the connection. */
class RefusedMailTest {
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void refusedRecipientsHaveTheirOwnReplyAndTheRestGetsTheContent() throws Exception {
        for (String[] capabilities : new String[][] {{}, {"PIPELINING"}}) {
            try (var server = new ScriptedServer(wire -> {
                        wire.greet(capabilities);
                        wire.serve(line -> line.contains("taro") ? "550 5.1.1 no Taro here" : null);
                    });
                    var client = client(server)) {
                Transmission.Replied sent = (Transmission.Replied) client.send(server.hop(), TO_BOTH, HELLO);
                assertEquals(List.of("250 2.0.0 taken", "550 5.1.1 no Taro here"), replies(sent));
                assertEquals(new EnhancedStatus(5, 1, 1), sent.replies().get(1).status());
                assertEquals(1, server.contents.size());
            }
        }
    }

    @Test
    void whenAllAreRefusedAndDataWasPipelinedOnlyTheDotIsSent() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> line.startsWith("RCPT")
                            ? "550 5.1.1 nobody"
                            : line.equals(".") ? "554 5.5.1 no recipients" : null);
                });
                var client = client(server)) {
            assertEquals(
                    List.of("550 5.1.1 nobody", "550 5.1.1 nobody"),
                    replies(client.send(server.hop(), TO_BOTH, HELLO)));
            assertArrayEquals(ascii(".\r\n"), server.contents.getFirst());
            client.send(server.hop(), TO_BOTH, HELLO);
            assertEquals(1, server.connections());
            assertEquals(1, server.commands("RSET").size());
        }
    }

    @Test
    void whenAllAreRefusedTheNextTransactionBeginsWithReset() throws Exception {
        for (String[] capabilities : new String[][] {{}, {"PIPELINING"}}) {
            try (var server = new ScriptedServer(wire -> {
                        wire.greet(capabilities);
                        wire.serve(line -> line.contains("taro")
                                ? "550 5.1.1 no Taro"
                                : line.equals("DATA") && wire.lastRecipient().contains("taro")
                                        ? "503 5.5.1 no recipients"
                                        : null);
                    });
                    var client = client(server)) {
                assertEquals(List.of("550 5.1.1 no Taro"), replies(client.send(server.hop(), envelope(TARO), HELLO)));
                server.heard.clear();
                assertEquals(List.of("250 2.0.0 taken"), replies(client.send(server.hop(), TO_HANAKO, HELLO)));
                assertEquals("RSET", server.heard.getFirst());
                assertEquals(1, server.connections());
                assertEquals(1, server.contents.size());
            }
        }
    }

    @Test
    void refusedMailIsTheReplyForAll() throws Exception {
        for (String[] capabilities : new String[][] {{}, {"PIPELINING"}}) {
            try (var server = new ScriptedServer(wire -> {
                        wire.greet(capabilities);
                        wire.serve(line -> line.startsWith("MAIL")
                                ? "451 4.7.1 try later"
                                : line.equals("QUIT") ? null : "503 5.5.1 MAIL first");
                    });
                    var client = client(server)) {
                assertEquals(
                        List.of("451 4.7.1 try later", "451 4.7.1 try later"),
                        replies(client.send(server.hop(), TO_BOTH, HELLO)));
                assertEquals(
                        capabilities.length == 0 ? 0 : 2,
                        server.commands("RCPT").size());
                assertEquals(1, client.idleConnections());
            }
        }
    }

    @Test
    void aServerThatRefusesMailAndLeavesHasStillAnswered() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> line.startsWith("MAIL") ? "550 5.7.1 not you" : ScriptedServer.DROP);
                });
                var client = client(server)) {
            assertEquals(
                    List.of("550 5.7.1 not you", "550 5.7.1 not you"),
                    replies(client.send(server.hop(), TO_BOTH, HELLO)));
            assertEquals(0, client.idleConnections());
        }
    }

    @Test
    void refusedDataIsTheReplyForThoseAcceptedBefore() throws Exception {
        for (String[] capabilities : new String[][] {{}, {"PIPELINING"}}) {
            try (var server = new ScriptedServer(wire -> {
                        wire.greet(capabilities);
                        wire.serve(line -> line.equals("DATA")
                                ? "452 4.3.1 disk full"
                                : line.contains("taro") ? "550 5.1.1 no Taro" : null);
                    });
                    var client = client(server)) {
                assertEquals(
                        List.of("452 4.3.1 disk full", "550 5.1.1 no Taro"),
                        replies(client.send(server.hop(), TO_BOTH, HELLO)));
                assertEquals(List.of(), server.contents);
            }
        }
    }

    @Test
    void refusedContentIsTheReplyForAllAccepted() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING");
                    wire.serve(line -> line.equals(".") ? "550-5.7.1 this looks\r\n550 5.7.1 like spam" : null);
                });
                var client = client(server)) {
            Transmission.Replied sent = (Transmission.Replied) client.send(server.hop(), TO_HANAKO, HELLO);
            assertEquals(List.of("550 5.7.1 this looks 5.7.1 like spam"), replies(sent));
            assertEquals(new EnhancedStatus(5, 7, 1), sent.replies().getFirst().status());
        }
    }

    @Test
    void closingServiceAtAnyCommandIsTheReplyForAllThatHaveNone() throws Exception {
        for (String[] capabilities : new String[][] {{}, {"PIPELINING"}}) {
            for (String at : List.of("MAIL", "RCPT TO:<taro", "DATA", ".")) {
                try (var server = new ScriptedServer(wire -> {
                            wire.greet(capabilities);
                            wire.serve(line -> line.startsWith(at) ? "421 4.3.2 going down" : null);
                        });
                        var client = client(server)) {
                    assertEquals(
                            List.of("421 4.3.2 going down", "421 4.3.2 going down"),
                            replies(client.send(server.hop(), TO_BOTH, HELLO)),
                            at);
                    assertEquals(0, client.idleConnections(), at);
                }
            }
        }
    }
}
