package io.sekisho.smtp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.mail.message.PrecededContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ContentTransferTest {
    private static final int BLOCK = 1024;

    @Provide
    Arbitrary<String> mails() {
        return Arbitraries.of(
                        ".", "..", "\r\n", "\r\n.", "a", "b.c", ".\r\n", "12345678", "x".repeat(40), "y".repeat(1020))
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    /** What a server makes of it (RFC 5321 section 4.5.2): reads lines, stops at the lone dot, drops one leading dot. */
    private static String received(String wire) {
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (true) {
            int end = wire.indexOf("\r\n", at);
            assertTrue(end >= 0, "no final dot");
            String line = wire.substring(at, end);
            at = end + 2;
            if (line.equals(".")) {
                assertEquals(wire.length(), at, "something stands behind the final dot");
                return content.toString();
            }
            content.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
    }

    private static String ended(String content) {
        return content.isEmpty() || content.endsWith("\r\n") ? content : content + "\r\n";
    }

    private record Chunks(String mail, List<Integer> sizes) implements Content {
        @Override
        public long size() {
            return mail.length();
        }

        @Override
        public boolean eightBit() {
            return false;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(mail.getBytes(StandardCharsets.ISO_8859_1)) {
                private int turn;

                @Override
                public synchronized int read(byte[] into, int offset, int length) {
                    int piece = sizes.get(turn++ % sizes.size());
                    return super.read(into, offset, Math.min(piece, length));
                }

                @Override
                public int read(byte[] into) {
                    return read(into, 0, into.length);
                }
            };
        }
    }

    private static String sent(Content content) throws IOException {
        var connection = new RecordingConnection();
        ClientLimits usual = ClientLimits.defaults();
        var limits =
                new ClientLimits(usual.waits(), usual.replies(), usual.kept(), usual.batch(), BLOCK, usual.chunk());
        var session = new ClientSession(connection, limits, () -> 0, Long.MAX_VALUE / 2);
        var transfer = new ContentTransfer(session);
        transfer.send(content);
        transfer.end();
        session.flush("test");
        assertTrue(connection.largestWrite <= BLOCK);
        return connection.written.toString(StandardCharsets.ISO_8859_1);
    }

    private static MemoryContent memory(String mail) {
        byte[] octets = (mail + "not part of it").getBytes(StandardCharsets.ISO_8859_1);
        return new MemoryContent(octets, mail.length(), false);
    }

    @Property(tries = 500)
    void whatIsReceivedIsWhatWasSent(@ForAll("mails") String mail) throws IOException {
        assertEquals(ended(mail), received(sent(memory(mail))));
    }

    @Property(tries = 500)
    void theOrderOfChunksDoesNotMatter(
            @ForAll("mails") String mail,
            @ForAll @net.jqwik.api.constraints.Size(min = 1, max = 5)
                    List<@net.jqwik.api.constraints.IntRange(min = 1, max = 50) Integer> sizes)
            throws IOException {
        assertEquals(sent(memory(mail)), sent(new Chunks(mail, sizes)));
    }

    @Property(tries = 200)
    void whatStandsInFrontIsPartOfIt(@ForAll("mails") String front, @ForAll("mails") String mail) throws IOException {
        assertEquals(sent(memory(front + mail)), sent(new PrecededContent(front, memory(mail))));
    }

    @Test
    void emptyContentIsTheDotAlone() throws IOException {
        assertEquals(".\r\n", sent(memory("")));
    }

    @Test
    void aDotBehindABareLineFeedCannotEndTheContent() throws IOException {
        assertEquals("a\n..\r\n..\r\n\r\n.\r\n", sent(memory("a\n.\r\n.\r\n\r\n")));
        assertEquals("a\n\r\n.\r\n", sent(memory("a\n")));
    }

    @Test
    void smallContentIsOneWrite() throws IOException {
        String mail = "x\r\n".repeat(300);
        var connection = new RecordingConnection();
        var session = new ClientSession(connection, ClientLimits.defaults(), () -> 0, Long.MAX_VALUE / 2);
        var transfer = new ContentTransfer(session);
        transfer.send(memory(mail));
        transfer.end();
        assertEquals(0, connection.written.size());
        session.flush("test");
        assertEquals(mail.length() + 3, connection.largestWrite);
    }
}
