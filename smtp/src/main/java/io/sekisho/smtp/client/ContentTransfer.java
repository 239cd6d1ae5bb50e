package io.sekisho.smtp.client;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.mail.message.PrecededContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Sends the content of one message: each line that begins with a dot gets one more, and a line of one dot ends it
 * (RFC 5321 section 4.5.2). A dot behind any LF is doubled, also where the CR is missing: content has no bare LF, and if it
 * had, a lenient server could not be made to see an end that is none.
 */
final class ContentTransfer implements ContentSink {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long DOTS = 0x2e2e2e2e2e2e2e2eL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final byte[] DOT = {'.'};
    private static final byte[] DOT_LINE = {'.', '\r', '\n'};
    private static final byte[] CRLF_DOT_LINE = {'\r', '\n', '.', '\r', '\n'};
    private static final int STREAM_BUFFER = 32 * 1024;
    private static final int USUAL_GROWTH = 64;

    private final ClientSession session;
    private byte beforeLast = '\r';
    private byte last = '\n';
    private long octets;

    ContentTransfer(ClientSession session) {
        this.session = session;
    }

    /**
     * All of the content but for the end; the rest of it may still be in the session's buffer.
     *
     * @throws IOException when the connection fails
     * @throws UncheckedIOException when the content cannot be read or is not as long as it said: our own trouble, and the
     *     connection must be closed without the dot
     */
    void send(Content content) throws IOException {
        long size = content.size();
        session.room((int) Math.min(size + USUAL_GROWTH, session.limits().block()));
        pour(content, this);
        if (octets != size) {
            throw unreadable(new IOException("the content has " + octets + " octets instead of " + size));
        }
    }

    /** Puts the final dot behind the content; the next flush sends it. */
    void end() throws IOException {
        byte[] line = beforeLast == '\r' && last == '\n' ? DOT_LINE : CRLF_DOT_LINE;
        if (session.pending() + line.length > session.limits().block()) {
            session.flush(SENDING);
        }
        session.append(line, 0, line.length);
    }

    /** What sending is called when it fails. */
    static final String SENDING = "sending the content";

    /**
     * Gives all of a content to a sink, or as much as it wants.
     *
     * @return whether the sink took all
     * @throws UncheckedIOException when the content cannot be read
     */
    static boolean pour(Content content, ContentSink sink) throws IOException {
        return switch (content) {
            case MemoryContent memory -> sink.write(memory.array(), 0, Math.toIntExact(memory.size()));
            case PrecededContent preceded -> {
                byte[] front = preceded.front().getBytes(StandardCharsets.US_ASCII);
                yield sink.write(front, 0, front.length) && pour(preceded.rest(), sink);
            }
            default -> stream(content, sink);
        };
    }

    private static boolean stream(Content content, ContentSink sink) throws IOException {
        try (InputStream in = opened(content)) {
            byte[] buffer = new byte[Math.clamp(content.size(), 1, STREAM_BUFFER)];
            int got = read(in, buffer);
            while (got >= 0) {
                if (!sink.write(buffer, 0, got)) {
                    return false;
                }
                got = read(in, buffer);
            }
            return true;
        }
    }

    private static InputStream opened(Content content) {
        try {
            return content.open();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static int read(InputStream in, byte[] into) {
        try {
            return in.read(into);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Our own trouble with a content. */
    static UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("the content of a message cannot be read", e);
    }

    /** The next octets of the content, in pieces of any size. */
    @Override
    public boolean write(byte[] from, int offset, int count) throws IOException {
        if (count == 0) {
            return true;
        }
        int end = offset + count;
        int start = offset;
        if (last == '\n' && from[offset] == '.') {
            session.append(DOT, 0, 1);
        }
        int dot = nextDot(from, offset + 1, end);
        while (dot < end) {
            if (from[dot - 1] == '\n') {
                session.append(from, start, dot - start);
                session.append(DOT, 0, 1);
                start = dot;
            }
            dot = nextDot(from, dot + 1, end);
        }
        session.append(from, start, end - start);
        beforeLast = count > 1 ? from[end - 2] : last;
        last = from[end - 1];
        octets += count;
        return true;
    }

    /** The first dot at or after {@code at}, else {@code end}; eight octets at a time where none is a dot. */
    private static int nextDot(byte[] from, int at, int end) {
        int i = at;
        while (i <= end - Long.BYTES) {
            long other = (long) LONGS.get(from, i) ^ DOTS;
            long found = (other - ONES) & ~other & HIGHS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
            i += Long.BYTES;
        }
        while (i < end && from[i] != '.') {
            i++;
        }
        return Math.min(i, end);
    }
}
