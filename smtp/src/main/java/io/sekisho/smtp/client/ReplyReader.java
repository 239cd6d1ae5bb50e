package io.sekisho.smtp.client;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.RemoteReply;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies from a connection (RFC 5321 section 4.2). Bounded in every direction: octets in a line, lines, octets and
 * time of a reply, however slowly the octets come. A line may end in LF alone, and a last line may be the code alone; all
 * else that is not a reply is a {@link ProtocolException}.
 */
final class ReplyReader {
    private static final int MAX_TEXT = 1000;
    private static final int MAX_EXCERPT = 80;
    private static final int NO_CODE = -1;

    private final Connection connection;
    private final ClientLimits.Replies limits;
    private final LongSupplier nanos;
    private final byte[] buffer;
    private int start;
    private int end;
    private boolean waited;
    private long waitingSince;

    ReplyReader(Connection connection, ClientLimits.Replies limits, LongSupplier nanos) {
        this.connection = connection;
        this.limits = limits;
        this.nanos = nanos;
        this.buffer = new byte[limits.lineOctets() + 2];
    }

    /** Whether the server has said more than was read, without having been asked. */
    boolean unread() {
        return end > start;
    }

    /**
     * The next reply.
     *
     * @param timeout for the whole reply
     * @param lines where each line's text is put, or null when only the joined text is wanted
     * @throws ProtocolException when what came is not a reply or is more than the limits allow
     * @throws SocketTimeoutException when the reply was not complete in time
     * @throws EOFException when the server closed the connection first
     */
    RemoteReply next(Duration timeout, @Nullable List<String> lines) throws IOException {
        waited = false;
        int code = NO_CODE;
        int count = 0;
        int octets = 0;
        String text = "";
        boolean last = false;
        while (!last) {
            int newline = line(timeout);
            int from = start;
            int to = newline > from && buffer[newline - 1] == '\r' ? newline - 1 : newline;
            octets += to - from;
            if (++count > limits.lines() || octets > limits.octets()) {
                throw new ProtocolException(
                        "a reply longer than " + limits.lines() + " lines or " + limits.octets() + " octets");
            }
            int here = code(from, to);
            if (here == NO_CODE || code != NO_CODE && here != code) {
                throw new ProtocolException("not a reply: \"" + excerpt(from, to) + "\"");
            }
            code = here;
            last = to - from == 3 || buffer[from + 3] == ' ';
            String words = to - from <= 4 ? "" : text(from + 4, to);
            text = text.isEmpty() ? words : joined(text, words);
            if (lines != null) {
                lines.add(words);
            }
            start = newline + 1;
        }
        String kept = cut(text);
        return new RemoteReply(code, EnhancedStatus.atStartOf(kept), kept);
    }

    /** The index of the LF that ends the line at {@code start}, reading until it is there. */
    private int line(Duration timeout) throws IOException {
        int scan = start;
        while (true) {
            for (; scan < end; scan++) {
                if (buffer[scan] == '\n') {
                    return scan;
                }
            }
            if (end - start == buffer.length) {
                throw new ProtocolException("a line longer than " + limits.lineOctets() + " octets: \""
                        + excerpt(start, start + MAX_EXCERPT) + "\"");
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                scan -= start;
                end -= start;
                start = 0;
            }
            fill(timeout);
        }
    }

    private void fill(Duration timeout) throws IOException {
        long now = nanos.getAsLong();
        if (!waited) {
            waited = true;
            waitingSince = now;
        }
        long left = timeout.toNanos() - (now - waitingSince);
        int got;
        try {
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            connection.readTimeout(now == waitingSince ? timeout : Duration.ofNanos(left));
            got = connection.read(buffer, end, buffer.length - end);
        } catch (SocketTimeoutException e) {
            var words = new SocketTimeoutException("no complete reply within " + timeout.toSeconds() + " s");
            words.initCause(e);
            throw words;
        }
        if (got < 0) {
            throw new EOFException(
                    end > start
                            ? "the server closed the connection inside a reply"
                            : "the server closed the connection");
        }
        end += got;
    }

    /** The code of a line that has the form of one line of a reply, else {@link #NO_CODE}. */
    private int code(int from, int to) {
        int length = to - from;
        if (length < 3 || length > 3 && buffer[from + 3] != ' ' && buffer[from + 3] != '-') {
            return NO_CODE;
        }
        int first = buffer[from] - '0';
        int second = buffer[from + 1] - '0';
        int third = buffer[from + 2] - '0';
        boolean digits = first >= 2 && first <= 5 && second >= 0 && second <= 9 && third >= 0 && third <= 9;
        return digits ? first * 100 + second * 10 + third : NO_CODE;
    }

    private String text(int from, int to) {
        boolean plain = true;
        for (int i = from; i < to; i++) {
            plain &= buffer[i] >= 32 && buffer[i] != 127;
        }
        if (plain) {
            return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
        }
        StringBuilder cleaned = new StringBuilder(to - from);
        new String(buffer, from, to - from, StandardCharsets.UTF_8)
                .codePoints()
                .forEach(c -> cleaned.appendCodePoint(showable(c) ? c : '?'));
        return cleaned.toString();
    }

    private static boolean showable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String joined(String before, String words) {
        return before.length() > MAX_TEXT || words.isEmpty() ? before : before + " " + words;
    }

    private static String cut(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int at = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, at);
    }

    private String excerpt(int from, int to) {
        return text(from, Math.min(to, from + MAX_EXCERPT));
    }
}
