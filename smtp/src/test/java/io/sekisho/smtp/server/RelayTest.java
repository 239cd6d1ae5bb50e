package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.MemoryConnection;
import io.sekisho.smtp.client.ClientLimits;
import io.sekisho.smtp.client.Envelope;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.client.SmtpClient;
import io.sekisho.smtp.client.Transmission;
import io.sekisho.smtp.tls.TestIdentities;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What came in by BDAT goes out by DATA or BDAT unchanged; nothing in it can end it, on the way in or out. */
class RelayTest extends ServerTest {
    private static final Envelope TO_HANAKO =
            new Envelope(new ReversePath.Null(), List.of(new Mailbox("hanako", "hakone.example")));
    private static final String SECOND = SmugglingTest.SECOND;

    /** A connection that keeps what the client writes, and may take CHUNKING out of what the server offers. */
    private static final class Wire implements Connection {
        private final Connection connection;
        private final boolean chunking;
        private final ByteArrayOutputStream written;

        Wire(Connection connection, boolean chunking, ByteArrayOutputStream written) {
            this.connection = connection;
            this.chunking = chunking;
            this.written = written;
        }

        @Override
        public InetAddress remoteAddress() {
            return connection.remoteAddress();
        }

        @Override
        public int remotePort() {
            return connection.remotePort();
        }

        @Override
        public void readTimeout(Duration timeout) throws IOException {
            connection.readTimeout(timeout);
        }

        @Override
        public void deadline(Duration fromNow) {
            connection.deadline(fromNow);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int got = connection.read(into, offset, length);
            if (got > 0 && !chunking) {
                String said = new String(into, offset, got, StandardCharsets.ISO_8859_1);
                byte[] hidden = said.replace("-CHUNKING", "-XXXXXXXX").getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(hidden, 0, into, offset, got);
            }
            return got;
        }

        @Override
        public boolean readable() throws IOException {
            return connection.readable();
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            written.write(from, offset, length);
            connection.write(from, offset, length);
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    private String relayed(String content, boolean chunking) throws Exception {
        var written = new ByteArrayOutputStream();
        var client = new SmtpClient(
                "gate.example",
                (hop, timeout) -> {
                    var pair = MemoryConnection.pair(
                            InetAddress.ofLiteral(ServerFixture.CLIENT), 40_000, 64 * 1024, System::nanoTime);
                    fixture.listener.arrivals.add(pair.server());
                    return new Wire(pair.client(), chunking, written);
                },
                ClientLimits.defaults(),
                TestIdentities.client(),
                System::nanoTime);
        byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
        Transmission sent =
                client.send(new NextHop("mx", 25), TO_HANAKO, new MemoryContent(octets, octets.length, false));
        client.close();
        var replied = assertInstanceOf(Transmission.Replied.class, sent);
        assertTrue(replied.replies().getFirst().positive(), replied::toString);
        String wire = written.toString(StandardCharsets.ISO_8859_1);
        assertEquals(chunking, wire.contains("\r\nBDAT " + content.length() + " LAST\r\n"));
        assertEquals("", wire.replace("\r\n", "").replaceAll("[^\r\n]", ""), "only CR LF ends a line");
        return fixture.receiver.mails.remove().content();
    }

    @Test
    void contentPassesUnchangedAndCannotEndItself() throws Exception {
        for (String content : List.of(
                ".\r\n" + SECOND,
                "a\r\n.\r\n" + SECOND,
                "a\r\n..\r\n.\r\n...\r\n",
                "\r\n.\r\n\r\n.\r\n",
                "a\r\n. \r\n",
                "BDAT 5 LAST\r\nQUIT\r\n",
                "x".repeat(80_000) + "\r\n.\r\n")) {
            Talk talk = fixture.withRecipient();
            talk.send("BDAT " + content.length() + " LAST\r\n" + content).expect("250 2.0.0 stored *");
            talk.say("QUIT").expect("221 *").expectEnd();
            String taken = fixture.receiver.mails.remove().content();
            assertEquals(content, taken);
            assertEquals(content, relayed(taken, false));
            assertEquals(content, relayed(taken, true));
            assertTrue(fixture.receiver.mails.isEmpty(), "nothing was smuggled");
        }
    }
}
