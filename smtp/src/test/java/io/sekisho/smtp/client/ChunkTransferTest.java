package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TO_BOTH;
import static io.sekisho.smtp.client.ClientFixture.TO_HANAKO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.content;
import static io.sekisho.smtp.client.ClientFixture.lost;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static io.sekisho.smtp.client.ClientFixture.waits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.mail.message.PrecededContent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Content in chunks (RFC 3030), as a server that offers CHUNKING gets it. */
@Timeout(30)
class ChunkTransferTest {
    private static final int CHUNK = 4096;

    private static ClientLimits small(int batch) {
        ClientLimits usual = waits(Duration.ofSeconds(10));
        return new ClientLimits(usual.waits(), usual.replies(), usual.kept(), batch, 1024, CHUNK);
    }

    /** A server that takes chunks; the answers are asked for each BDAT line, after its octets. */
    private static ScriptedServer.Script chunking(
            List<String> received, ScriptedServer.Answers answers, String... more) {
        return wire -> {
            var capabilities = new ArrayList<>(List.of(more));
            capabilities.add("CHUNKING");
            wire.greet(capabilities.toArray(new String[0]));
            var content = new StringBuilder();
            while (true) {
                String line = wire.line();
                String given = answers.to(line);
                if (line.startsWith("BDAT ")) {
                    content.append(wire.octets(Integer.parseInt(line.split(" ")[1])));
                    if (line.endsWith(" LAST")) {
                        received.add(content.toString());
                        content.setLength(0);
                    }
                }
                if (given != null && given.equals(ScriptedServer.DROP)) {
                    return;
                }
                wire.say(given == null ? "250 2.0.0 fine" : given);
            }
        };
    }

    private static MemoryContent large(int octets) {
        return content(".line\r\n..\r\n.\r\n0123456\r\n".repeat(octets / 23 + 1).substring(0, octets - 2) + "\r\n");
    }

    private static String text(MemoryContent content) {
        return new String(content.array(), 0, (int) content.size(), StandardCharsets.UTF_8);
    }

    @Test
    void smallContentIsOneLastChunkInOneWrite() throws Exception {
        var received = new CopyOnWriteArrayList<String>();
        try (var server = new ScriptedServer(chunking(received, line -> null, "PIPELINING"));
                var client = client(server)) {
            assertEquals(
                    List.of("250 2.0.0 fine", "250 2.0.0 fine"), replies(client.send(server.hop(), TO_BOTH, HELLO)));
            assertEquals(List.of(text(HELLO)), received);
            assertEquals(List.of("BDAT " + HELLO.size() + " LAST"), server.commands("BDAT"));
            assertEquals(List.of(), server.commands("DATA"));
            assertEquals(3, server.clientSides.getFirst().writes(), "EHLO, commands, content");
        }
    }

    @Test
    void largeContentIsSentInChunksAsItIs() throws Exception {
        for (String[] more : new String[][] {{}, {"PIPELINING"}}) {
            for (int batch : new int[] {1, 2, 100}) {
                for (int octets : new int[] {CHUNK, CHUNK + 2, 3 * CHUNK, 50_000}) {
                    var received = new CopyOnWriteArrayList<String>();
                    MemoryContent mail = large(octets);
                    Content preceded = new PrecededContent("Received: here\r\n", mail);
                    try (var server = new ScriptedServer(chunking(received, line -> null, more));
                            var client = client(server, small(batch))) {
                        assertEquals(
                                List.of("250 2.0.0 fine"), replies(client.send(server.hop(), TO_HANAKO, preceded)));
                        client.send(server.hop(), TO_HANAKO, HELLO);
                        assertEquals(List.of("Received: here\r\n" + text(mail), text(HELLO)), received);
                        assertEquals(1, server.connections());
                        long chunks = (preceded.size() + CHUNK - 1) / CHUNK;
                        assertEquals(chunks + 1, server.commands("BDAT").size());
                    }
                }
            }
        }
    }

    @Test
    void emptyContentIsAnEmptyLastChunk() throws Exception {
        var received = new CopyOnWriteArrayList<String>();
        try (var server = new ScriptedServer(chunking(received, line -> null));
                var client = client(server)) {
            assertEquals(List.of("250 2.0.0 fine"), replies(client.send(server.hop(), TO_HANAKO, content(""))));
            assertEquals(List.of("BDAT 0 LAST"), server.commands("BDAT"));
        }
    }

    @Test
    void aRefusedChunkRefusesTheMessageAndTheConnectionGoes() throws Exception {
        for (String[] more : new String[][] {{}, {"PIPELINING"}}) {
            var received = new CopyOnWriteArrayList<String>();
            try (var server = new ScriptedServer(chunking(
                            received, line -> line.startsWith("BDAT 4096") ? "552 5.3.4 too much" : null, more));
                    var client = client(server, small(2))) {
                assertEquals(
                        List.of("552 5.3.4 too much"),
                        replies(client.send(server.hop(), TO_HANAKO, large(20 * CHUNK))));
                assertEquals(List.of(), received);
                assertEquals(0, client.idleConnections());
            }
        }
    }

    @Test
    void aRefusedLastChunkIsFollowedByResetOnTheSameConnection() throws Exception {
        var received = new CopyOnWriteArrayList<String>();
        try (var server = new ScriptedServer(
                        chunking(received, line -> line.endsWith("LAST") ? "550 5.7.1 spam" : null, "PIPELINING"));
                var client = client(server)) {
            for (int i = 0; i < 2; i++) {
                assertEquals(List.of("550 5.7.1 spam"), replies(client.send(server.hop(), TO_HANAKO, HELLO)));
            }
            assertEquals(1, server.connections());
            assertEquals(1, server.commands("RSET").size());
        }
    }

    @Test
    void whenAllAreRefusedNoContentIsSent() throws Exception {
        var received = new CopyOnWriteArrayList<String>();
        try (var server = new ScriptedServer(
                        chunking(received, line -> line.startsWith("RCPT") ? "550 5.1.1 no" : null, "PIPELINING"));
                var client = client(server)) {
            assertEquals(List.of("550 5.1.1 no"), replies(client.send(server.hop(), TO_HANAKO, HELLO)));
            assertEquals(List.of("550 5.1.1 no"), replies(client.send(server.hop(), TO_HANAKO, HELLO)));
            assertEquals(List.of(), server.commands("BDAT"));
            assertEquals(1, server.commands("RSET").size());
        }
    }

    @Test
    void aConnectionLostAfterTheLastChunkMayHaveDelivered() throws Exception {
        for (int octets : new int[] {100, 3 * CHUNK}) {
            var received = new CopyOnWriteArrayList<String>();
            try (var server = new ScriptedServer(chunking(
                            received, line -> line.endsWith("LAST") ? ScriptedServer.DROP : null, "PIPELINING"));
                    var client = client(server, small(100))) {
                assertTrue(lost(client.send(server.hop(), TO_HANAKO, large(octets)))
                        .contentSent());
            }
        }
    }

    @Test
    void aConnectionLostBeforeItHasNotDelivered() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("CHUNKING");
                    for (int i = 0; i < 2; i++) {
                        wire.line();
                        wire.say("250 ok");
                    }
                    wire.line();
                    wire.octets(100);
                });
                var client = client(server, small(1))) {
            assertFalse(lost(client.send(server.hop(), TO_HANAKO, large(100 * CHUNK)))
                    .contentSent());
        }
    }

    private record Claimed(long size, String octets) implements Content {
        @Override
        public boolean eightBit() {
            return false;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(octets.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void contentThatIsNotAsLongAsItSaidNeverCompletesTheLastChunk() throws Exception {
        for (int claimed : new int[] {10, 1024, CHUNK, 3 * CHUNK}) {
            for (int off : new int[] {-1, 1, 2000}) {
                var received = new CopyOnWriteArrayList<String>();
                try (var server = new ScriptedServer(chunking(received, line -> null, "PIPELINING"));
                        var client = client(server, small(100))) {
                    var content = new Claimed(claimed, "x".repeat(Math.max(0, claimed + off)));
                    assertThrows(UncheckedIOException.class, () -> client.send(server.hop(), TO_HANAKO, content));
                    server.awaitEnded(1);
                    assertEquals(List.of(), received, claimed + " and " + off);
                    assertEquals(0, client.idleConnections());
                }
            }
        }
    }
}
