package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import java.io.IOException;
import java.util.Arrays;

/** Gathers replies, so that those to pipelined commands leave together (RFC 2920 section 3.2). */
final class ReplyWriter {
    private final Connection connection;
    private byte[] octets = new byte[128];
    private int length;

    ReplyWriter(Connection connection) {
        this.connection = connection;
    }

    /** Adds a reply, each of its lines with code and enhanced status (RFC 2034 section 4). */
    void add(Reply reply) throws IOException {
        String status = reply.status() == null ? "" : reply.status() + " ";
        int last = reply.lines().size() - 1;
        for (int i = 0; i <= last; i++) {
            ascii(Integer.toString(reply.code()));
            ascii(i == last ? " " : "-");
            ascii(status);
            ascii(reply.lines().get(i));
            ascii("\r\n");
        }
        if (length > 8192) {
            flush();
        }
    }

    @SuppressWarnings("deprecation") // the octets of an ASCII string, without a detour
    private void ascii(String text) {
        int n = text.length();
        if (length + n > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(length + n, octets.length * 2));
        }
        text.getBytes(0, n, octets, length);
        length += n;
    }

    void flush() throws IOException {
        if (length > 0) {
            int n = length;
            length = 0;
            connection.write(octets, 0, n);
        }
    }
}
