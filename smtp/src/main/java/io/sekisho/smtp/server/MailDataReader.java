package io.sekisho.smtp.server;

import io.sekisho.mail.message.ContentBuffer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads content up to CR LF . CR LF and undoes dot-stuffing (RFC 5321 section 4.5.2). Only CR LF ends a line; a bare CR or LF
 * or a NUL never ends anything and makes the message refused, after all of it has been read.
 */
final class MailDataReader {
    /** What is wrong with the content. */
    enum Fault {
        /** A CR without LF. */
        BARE_CR,
        /** An LF without CR. */
        BARE_LF,
        /** An octet 0, which is no character of mail (RFC 2045 section 2.8). */
        NUL,
        /** Larger than allowed. */
        TOO_LARGE,
        /** Our disk failed. */
        STORAGE
    }

    private enum State {
        LINE_START,
        TEXT,
        CR,
        DOT,
        DOT_CR,
        END
    }

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private final ContentBuffer into;
    private final long limit;
    private State state = State.LINE_START;
    private @Nullable Fault fault;
    private long read;

    MailDataReader(ContentBuffer into, long limit) {
        this.into = into;
        this.limit = limit;
    }

    /** What is wrong, null when nothing is. */
    @Nullable
    Fault fault() {
        return fault;
    }

    /** Octets so far. */
    long read() {
        return read;
    }

    boolean ended() {
        return state == State.END;
    }

    /** Takes octets up to the end of the content. @return where it stopped: after the end, or at {@code to} */
    int take(byte[] octets, int from, int to) {
        int run = from;
        int i = from;
        while (i < to) {
            byte b = octets[i];
            switch (state) {
                case LINE_START -> {
                    if (b == '.') {
                        write(octets, run, i);
                        i++;
                        run = i;
                        state = State.DOT;
                    } else {
                        state = State.TEXT;
                    }
                }
                case DOT -> {
                    if (b == '\r') {
                        i++;
                        state = State.DOT_CR;
                    } else {
                        state = State.TEXT;
                    }
                }
                case DOT_CR -> {
                    if (b == '\n') {
                        state = State.END;
                        read += i + 1 - from;
                        return i + 1;
                    }
                    wrong(Fault.BARE_CR);
                    state = State.TEXT;
                }
                case TEXT -> i = text(octets, i, to);
                case CR -> {
                    if (b == '\n') {
                        i++;
                        state = State.LINE_START;
                    } else {
                        wrong(Fault.BARE_CR);
                        state = State.TEXT;
                    }
                }
                case END -> throw new IllegalStateException("the content has ended");
            }
        }
        if (state != State.DOT_CR) {
            write(octets, run, to);
        }
        read += to - from;
        return to;
    }

    /** Goes on to the next CR, LF or NUL and past it. */
    private int text(byte[] octets, int from, int to) {
        int i = from;
        while (i < to) {
            while (i + 8 <= to && !special((long) LONGS.get(octets, i))) {
                i += 8;
            }
            int end = Math.min(to, i + 8);
            while (i < end) {
                switch (octets[i++]) {
                    case '\r' -> {
                        state = State.CR;
                        return i;
                    }
                    case '\n' -> wrong(Fault.BARE_LF);
                    case 0 -> wrong(Fault.NUL);
                    default -> {}
                }
            }
        }
        return i;
    }

    /** Whether one of eight octets is below 14. */
    private static boolean special(long eight) {
        return (eight - ONES * 14 & ~eight & HIGH) != 0;
    }

    private void wrong(Fault what) {
        if (fault == null) {
            fault = what;
        }
    }

    private void write(byte[] octets, int from, int to) {
        if (fault != null || to <= from) {
            return;
        }
        if (into.size() + to - from > limit) {
            wrong(Fault.TOO_LARGE);
            return;
        }
        try {
            into.write(octets, from, to - from);
        } catch (IOException e) {
            wrong(Fault.STORAGE);
            System.getLogger(MailDataReader.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot keep content: {0}", e.getMessage());
        }
    }
}
