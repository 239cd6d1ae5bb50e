package io.sekisho.smtp.server;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Gathers replies and writes them at once (RFC 2920 section 3.2). */
final class ReplyWriter {
    private static final int SMALL = 256;
    private static final int FULL = 8 * 1024;

    private final Connection connection;
    private final Duration bound;
    private byte[] octets = new byte[SMALL];
    private int length;

    /** @param bound how long the client may take to read them, and to say its next word */
    ReplyWriter(Connection connection, Duration bound) {
        this.connection = connection;
        this.bound = bound;
    }

    /** Whether replies are waiting to be written. */
    boolean pending() {
        return length > 0;
    }

    /** Adds a reply; writes when many have been gathered. */
    void add(Reply reply) throws IOException {
        List<String> lines = reply.lines();
        for (int i = 0; i < lines.size(); i++) {
            line(reply, lines.get(i), i == lines.size() - 1);
        }
        if (length >= FULL) {
            flush();
        }
    }

    private void line(Reply reply, String text, boolean last) {
        int longest = 4 + 12 + text.length() + 2;
        if (length + longest > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(length + longest, octets.length * 2));
        }
        number(reply.code());
        octets[length++] = (byte) (last ? ' ' : '-');
        EnhancedStatus status = reply.status();
        if (status != null) {
            number(status.category());
            octets[length++] = '.';
            number(status.subject());
            octets[length++] = '.';
            number(status.detail());
            octets[length++] = ' ';
        }
        for (int i = 0; i < text.length(); i++) {
            octets[length++] = (byte) text.charAt(i);
        }
        octets[length++] = '\r';
        octets[length++] = '\n';
    }

    /** A number from 0 to 999. */
    private void number(int n) {
        if (n >= 100) {
            octets[length++] = (byte) ('0' + n / 100);
        }
        if (n >= 10) {
            octets[length++] = (byte) ('0' + n / 10 % 10);
        }
        octets[length++] = (byte) ('0' + n % 10);
    }

    /** Writes what was gathered. */
    void flush() throws IOException {
        if (length == 0) {
            return;
        }
        connection.deadline(bound);
        connection.write(octets, 0, length);
        length = 0;
        if (octets.length > SMALL) {
            octets = new byte[SMALL];
        }
    }
}
