package io.sekisho.app.demo;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines and content over a connection, for both sides of the demo's simple dialogue. Octets are ISO 8859-1 characters. */
final class SmtpStream {
    private static final int BUFFER = 16 << 10;

    private final Connection connection;
    private final int lineOctets;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;

    SmtpStream(Connection connection, int lineOctets) {
        this.connection = connection;
        this.lineOctets = lineOctets;
    }

    /** The next line without its CR LF, null when the peer has ended the stream. @throws ProtocolException when it is too long */
    @Nullable
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int octet = next();
            if (octet < 0) {
                return null;
            }
            line.append((char) octet);
            int length = line.length();
            if (length >= 2 && octet == '\n' && line.charAt(length - 2) == '\r') {
                return line.substring(0, length - 2);
            }
            if (length > lineOctets) {
                throw new ProtocolException("a line longer than " + lineOctets + " octets");
            }
        }
    }

    /**
     * Reads content up to CR LF . CR LF (RFC 5321 section 4.5.2) and keeps none of it.
     *
     * @return its octets without dot-stuffing and without the final dot, -1 when the stream ended before it did
     */
    long content() throws IOException {
        long octets = 0;
        long lineLength = 0;
        boolean dotFirst = false;
        int before = -1;
        while (true) {
            int octet = next();
            if (octet < 0) {
                return -1;
            }
            if (lineLength == 0) {
                dotFirst = octet == '.';
            }
            lineLength++;
            if (octet == '\n' && before == '\r') {
                if (dotFirst && lineLength == 3) {
                    return octets;
                }
                octets += dotFirst ? lineLength - 1 : lineLength;
                lineLength = 0;
            }
            before = octet;
        }
    }

    /** Whether a read would return at once: the peer has sent more than it was answered (pipelining, RFC 2920). */
    boolean more() throws IOException {
        return at < end || connection.readable();
    }

    /** Writes text; its characters are below 256. */
    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void write(byte[] octets) throws IOException {
        connection.write(octets, 0, octets.length);
    }

    private int next() throws IOException {
        if (at == end) {
            int read = connection.read(buffer, 0, buffer.length);
            if (read < 0) {
                return -1;
            }
            at = 0;
            end = read;
        }
        return buffer[at++] & 0xff;
    }
}
