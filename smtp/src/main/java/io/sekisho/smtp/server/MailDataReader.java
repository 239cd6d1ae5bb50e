package io.sekisho.smtp.server;

import io.sekisho.smtp.server.ArrivingContent.Defect;

/**
 * Takes the octets after DATA, block by block, finds their end, undoes the dot-stuffing (RFC 5321 section 4.5.2) and hands
 * the content on in pieces as large as they come. Only CR LF ends a line and only CR LF . CR LF ends the content; whatever
 * else looks like an end is content, and names the message as broken. What it holds does not grow with the message.
 */
final class MailDataReader {
    private final ArrivingContent content;
    private State state = State.LINE_START;
    private long received;

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

    /** A reader at the start of content. @param content takes the octets */
    MailDataReader(ArrivingContent content) {
        this.content = content;
    }

    /** Whether the end has come. */
    boolean ended() {
        return state == State.ENDED;
    }

    /** The octets received, stuffing and what was dropped included. */
    long received() {
        return received;
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
                        content.keep(block, run, i);
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
            content.keep(block, run, i);
        }
        received += i - from;
        return i;
    }

    private int afterCr(byte octet, int at, State whenLineEnds) {
        if (octet == '\n') {
            state = whenLineEnds;
            return at + 1;
        }
        content.broken(Defect.BARE_CR);
        state = State.IN_LINE;
        return at;
    }

    /** Goes on inside lines for as long as no line starts with a dot. @return the index that the next state looks at */
    private int inLine(byte[] block, int from, int to) {
        int i = from;
        while (true) {
            i = ArrivingContent.indexOfControl(block, i, to);
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
                    content.broken(Defect.BARE_CR);
                    continue;
                }
                i++;
                if (i == to || block[i] == '.') {
                    state = State.LINE_START;
                    return i;
                }
            } else if (octet == '\n') {
                content.broken(Defect.BARE_LF);
            } else if (octet == 0) {
                content.broken(Defect.NUL);
            }
        }
    }
}
