package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** What the client has sent and we have not read: command lines first, blocks of content in between. */
final class SessionInput {
    private static final int SMALL = 512;

    /** How a line came. */
    enum Line {
        /** It is in {@link #array}, from {@link #start} on, {@link #length} octets without CR LF. */
        WHOLE,
        /** It was longer than allowed and has been thrown away. */
        TOO_LONG
    }

    private final Connection connection;
    private final BlockPool pool;
    private final LongSupplier nanos;
    private byte[] buffer = new byte[SMALL];
    private boolean lent;
    private int from;
    private int to;
    private int start;
    private int length;

    SessionInput(Connection connection, BlockPool pool, LongSupplier nanos) {
        this.connection = connection;
        this.pool = pool;
        this.nanos = nanos;
    }

    byte[] array() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return length;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    void consume(int end) {
        from = end;
    }

    /** Whether a whole line is here already, so that replies need not be sent yet. */
    boolean hasLine() {
        return lineEnd(from) >= 0;
    }

    /** Where the CR LF is, or -1. */
    private int lineEnd(int at) {
        for (int i = at; i + 1 < to; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /**
     * Reads a line.
     *
     * @param limit octets with CR LF
     * @param within for the whole line
     * @throws EOFException when the client has gone
     * @throws SocketTimeoutException when it takes too long
     */
    Line readLine(int limit, Duration within) throws IOException {
        boolean tooLong = false;
        long end = 0;
        int searched = from;
        while (true) {
            int cr = lineEnd(searched);
            if (cr >= 0) {
                start = from;
                length = cr - from;
                from = cr + 2;
                return tooLong || length + 2 > limit ? Line.TOO_LONG : Line.WHOLE;
            }
            if (to - from > limit) {
                tooLong = true;
                from = to - 1;
            }
            long now = nanos.getAsLong();
            end = end == 0 ? now + within.toNanos() : end;
            if (now >= end) {
                throw new SocketTimeoutException("no whole line within " + within.toSeconds() + " s");
            }
            connection.readTimeout(Duration.ofNanos(Math.max(1_000_000, end - now)));
            fill(limit);
            searched = Math.max(from, to - 1 - lastFilled);
        }
    }

    private int lastFilled;

    private void fill(int limit) throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(limit + 2, buffer.length * 2));
        }
        read();
    }

    private void read() throws IOException {
        int n = connection.read(buffer, to, buffer.length - to);
        if (n < 0) {
            throw new EOFException("the client has gone");
        }
        lastFilled = n;
        to += n;
    }

    /** A large block takes the place of the small buffer, for content. */
    void enlarge() {
        if (!lent) {
            byte[] block = pool.lend();
            System.arraycopy(buffer, from, block, 0, to - from);
            to -= from;
            from = 0;
            buffer = block;
            lent = true;
        }
    }

    /** More content, when all there was is consumed. */
    void nextBlock() throws IOException {
        from = 0;
        to = 0;
        read();
    }

    /** Content is over: the block goes back, unless commands wait in it. */
    void shrink() {
        if (lent && to - from <= SMALL) {
            byte[] small = new byte[SMALL];
            System.arraycopy(buffer, from, small, 0, to - from);
            to -= from;
            from = 0;
            pool.giveBack(buffer);
            buffer = small;
            lent = false;
        }
    }

    void release() {
        if (lent) {
            pool.giveBack(buffer);
            buffer = new byte[0];
            from = 0;
            to = 0;
            lent = false;
        }
    }
}
