package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The client's side of a conversation in a test: {@code talk.say("NOOP").expect("250 2.0.0 *")}. A star at the end of what
 * is expected stands for any text.
 */
final class Talk {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Connection connection;
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;

    Talk(Connection connection) throws IOException {
        this.connection = connection;
        connection.readTimeout(PATIENCE);
    }

    /** Sends lines, each ended by CR LF, in one write. */
    Talk say(String... lines) {
        return send(String.join("\r\n", lines) + "\r\n");
    }

    /** Sends characters 0 to 255 as octets, and nothing else. */
    Talk send(String octets) {
        return send(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    Talk send(byte[] octets) {
        try {
            connection.write(octets, 0, octets.length);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends in pieces of so many octets. */
    Talk sendInPieces(String octets, int piece) {
        byte[] all = octets.getBytes(StandardCharsets.ISO_8859_1);
        try {
            for (int i = 0; i < all.length; i += piece) {
                connection.write(all, i, Math.min(piece, all.length - i));
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Expects whole lines, one after the other. */
    Talk expect(String... lines) {
        for (String expected : lines) {
            String got = line();
            if (expected.endsWith("*")) {
                String start = expected.substring(0, expected.length() - 1);
                assertTrue(got.startsWith(start), () -> "expected " + expected + " but got " + got);
            } else {
                assertEquals(expected, got);
            }
        }
        return this;
    }

    /** Says EHLO and reads all lines of the reply. */
    Talk ehlo() {
        return say("EHLO client.example").helloReply();
    }

    /** Reads all lines of a reply 250, however many there are. */
    Talk helloReply() {
        String line = line();
        while (line.startsWith("250-")) {
            line = line();
        }
        assertTrue(line.startsWith("250 "), line);
        return this;
    }

    /** The next line, without its CR LF; fails when there is none. */
    String line() {
        var line = new StringBuilder();
        while (true) {
            int octet = octet();
            assertFalse(octet < 0, () -> "the connection has ended after: " + line);
            line.append((char) octet);
            int length = line.length();
            if (octet == '\n' && length > 1 && line.charAt(length - 2) == '\r') {
                return line.substring(0, length - 2);
            }
        }
    }

    /** All that is still said until the server ends the connection. */
    String rest() {
        var rest = new StringBuilder();
        for (int octet = octet(); octet >= 0; octet = octet()) {
            rest.append((char) octet);
        }
        return rest.toString();
    }

    /** Expects that the server ends the connection without another word. */
    void expectEnd() {
        assertEquals("", rest());
    }

    /** Whether nothing has been said that is not yet read. */
    boolean quiet() throws IOException {
        return from == to && !connection.readable();
    }

    void hangUp() {
        connection.close();
    }

    private int octet() {
        if (from == to) {
            try {
                int got = connection.read(buffer, 0, buffer.length);
                if (got < 0) {
                    return -1;
                }
                from = 0;
                to = got;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return buffer[from++] & 0xff;
    }
}
