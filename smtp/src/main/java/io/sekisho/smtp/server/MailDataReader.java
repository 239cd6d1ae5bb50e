package io.sekisho.smtp.server;

import io.sekisho.mail.message.ContentBuffer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Takes the octets after DATA, block by block, finds their end, undoes the dot-stuffing (RFC 5321 section 4.5.2) and hands
 * the content on in pieces as large as they come. Only CR LF ends a line and only CR LF . CR LF ends the content; whatever
 * else looks like an end is content, and names the message as broken. What it holds does not grow with the message.
 */
final class MailDataReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long FIRST_HARMLESS = 0x0e0e0e0e0e0e0e0eL;

    private final ContentBuffer content;
    private final long sizeLimit;
    private State state = State.LINE_START;
    private boolean discarding;
    private long received;
    private long size;
    private @Nullable Defect defect;
    private @Nullable IOException diskError;

    private enum State {
        /** CR LF came before, or nothing yet. */
        LINE_START,
        IN_LINE,
        /** The CR at the end of a block. */
        AFTER_CR,
        /** The dot at the start of a line; it is not content, whatever follows. */
        AFTER_DOT,
        AFTER_DOT_CR,
        ENDED
    }

    /** Why a message cannot be taken as it came. */
    enum Defect {
        /** CR without LF behind it (RFC 5321 section 2.3.8). */
        BARE_CR,
        /** LF without CR before it. */
        BARE_LF,
        /** NUL (RFC 5322 section 4.1 made it obsolete, RFC 5321 section 2.3.8 forbids it). */
        NUL
    }

    /**
     * A reader at the start of content.
     *
     * @param content takes the octets
     * @param sizeLimit octets of content; of more nothing is handed on
     */
    MailDataReader(ContentBuffer content, long sizeLimit) {
        this.content = content;
        this.sizeLimit = sizeLimit;
    }

    /** Whether the end has come. */
    boolean ended() {
        return state == State.ENDED;
    }

    /** The octets received, stuffing and what was dropped included. */
    long received() {
        return received;
    }

    /** Whether the content is larger than the limit. */
    boolean tooLarge() {
        return size > sizeLimit;
    }

    /** The first defect, null when there is none so far. */
    @Nullable
    Defect defect() {
        return defect;
    }

    /** Why the content could not be kept, null when it could so far. */
    @Nullable
    IOException diskError() {
        return diskError;
    }

    /**
     * Takes octets {@code from} to {@code to}.
     *
     * @return the index after the last octet taken: {@code to}, or less when the end stands before it
     */
    int take(byte[] block, int from, int to) {
        int run = from;
        int i = from;
        while (i < to && state != State.ENDED) {
            switch (state) {
                case LINE_START -> {
                    if (block[i] == '.') {
                        keep(block, run, i);
                        i++;
                        run = i;
                        state = State.AFTER_DOT;
                    } else {
                        state = State.IN_LINE;
                    }
                }
                case IN_LINE -> i = inLine(block, i, to);
                case AFTER_CR -> i = afterCr(block[i], i, State.LINE_START);
                case AFTER_DOT -> {
                    if (block[i] == '\r') {
                        i++;
                        state = State.AFTER_DOT_CR;
                    } else {
                        state = State.IN_LINE;
                    }
                }
                case AFTER_DOT_CR -> i = afterCr(block[i], i, State.ENDED);
                case ENDED -> throw new IllegalStateException("past the end");
            }
        }
        if (state != State.ENDED && state != State.AFTER_DOT_CR) {
            keep(block, run, i);
        }
        received += i - from;
        return i;
    }

    private int afterCr(byte octet, int at, State whenLineEnds) {
        if (octet == '\n') {
            state = whenLineEnds;
            return at + 1;
        }
        broken(Defect.BARE_CR);
        state = State.IN_LINE;
        return at;
    }

    /** Goes on inside lines for as long as no line starts with a dot. @return the index that the next state looks at */
    private int inLine(byte[] block, int from, int to) {
        int i = from;
        while (true) {
            i = indexOfControl(block, i, to);
            if (i == to) {
                return to;
            }
            byte octet = block[i++];
            if (octet == '\r') {
                if (i == to) {
                    state = State.AFTER_CR;
                    return to;
                }
                if (block[i] != '\n') {
                    broken(Defect.BARE_CR);
                    continue;
                }
                i++;
                if (i == to || block[i] == '.') {
                    state = State.LINE_START;
                    return i;
                }
            } else if (octet == '\n') {
                broken(Defect.BARE_LF);
            } else if (octet == 0) {
                broken(Defect.NUL);
            }
        }
    }

    /** The first octet from 0 to 13, which all that matter are among; {@code to} when there is none. Eight at a time. */
    private static int indexOfControl(byte[] block, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long eight = (long) LONGS.get(block, i);
            long below = (eight - FIRST_HARMLESS) & ~eight & HIGH_BITS;
            if (below != 0) {
                return i + (Long.numberOfTrailingZeros(below) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (block[i] >= 0 && block[i] < 14) {
                return i;
            }
        }
        return to;
    }

    private void broken(Defect found) {
        if (defect == null) {
            defect = found;
        }
        discarding = true;
    }

    private void keep(byte[] block, int from, int to) {
        size += to - from;
        if (size > sizeLimit) {
            discarding = true;
        }
        if (discarding || from == to) {
            return;
        }
        try {
            content.write(block, from, to - from);
        } catch (IOException e) {
            diskError = e;
            discarding = true;
        }
    }
}
