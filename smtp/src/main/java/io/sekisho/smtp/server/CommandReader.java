package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds command lines in what arrives. Only CR LF ends a line. Replies are written only when the next command is not there
 * yet. A line must be complete in time, however its octets trickle.
 */
final class CommandReader {
    /** The first octet of a TLS ClientHello, which has no line end (RFC 8446 section 5.1). */
    private static final byte TLS_HANDSHAKE = 22;

    private final Connection connection;
    private final SessionInput input;
    private final ReplyWriter replies;
    private final DrainGate gate;
    private final ServerLimits limits;
    private final LongSupplier nanos;
    private int lineFrom;
    private int lineTo;
    private int scanned;
    private long discarded;

    CommandReader(
            Connection connection,
            SessionInput input,
            ReplyWriter replies,
            DrainGate gate,
            ServerLimits limits,
            LongSupplier nanos) {
        this.connection = connection;
        this.input = input;
        this.replies = replies;
        this.gate = gate;
        this.limits = limits;
        this.nanos = nanos;
    }

    /** What came. */
    enum Event {
        /** A line, at {@link #lineFrom} to {@link #lineTo} of the input. */
        LINE,
        /** A line longer than the limit, dropped. */
        TOO_LONG,
        /** Far more than a line, without an end. */
        FLOOD,
        /** Octets that begin no command of SMTP, such as those of TLS. */
        FOREIGN,
        /** No whole line in time. */
        TIMED_OUT,
        /** The client has ended the stream. */
        ENDED,
        /** The server stops, and the session is the one to say so. */
        DRAINING,
        /** The server stops, and the client has been told. */
        TAKEN
    }

    int lineFrom() {
        return lineFrom;
    }

    int lineTo() {
        return lineTo;
    }

    /**
     * Waits for the next line.
     *
     * @param inTransaction whether the server lets this session finish when it stops
     * @param endsBy when the wait must end at the latest, in the time of the clock given
     */
    Event next(boolean inTransaction, long endsBy) throws IOException {
        scanned = input.from();
        discarded = 0;
        long started = 0;
        boolean waited = false;
        while (true) {
            Event event = scan();
            if (event != null) {
                return event;
            }
            if (replies.pending() && !input.readable()) {
                replies.flush();
            }
            long now = nanos.getAsLong();
            if (!waited) {
                started = now;
                waited = true;
            }
            long left = Math.min(started + limits.waits().command().toNanos() - now, endsBy - now);
            if (left <= 0) {
                return Event.TIMED_OUT;
            }
            // with replies pending octets are there, so that the read will not wait; and nobody else may speak before
            // them
            Event stopped = await(!inTransaction && !replies.pending(), left);
            if (stopped != null) {
                return stopped;
            }
        }
    }

    private @Nullable Event await(boolean idle, long nanosLeft) throws IOException {
        if (idle && !gate.idle()) {
            return Event.DRAINING;
        }
        int before = scanned - input.from();
        boolean more = false;
        boolean timedOut = false;
        IOException lost = null;
        try {
            connection.readTimeout(Duration.ofNanos(nanosLeft));
            input.relax();
            more = input.fill();
        } catch (SocketTimeoutException e) {
            timedOut = true;
        } catch (IOException e) {
            lost = e;
        }
        scanned = input.from() + before;
        if (idle && !gate.working()) {
            return Event.TAKEN;
        }
        if (lost != null) {
            throw lost;
        }
        return timedOut ? Event.TIMED_OUT : more ? null : Event.ENDED;
    }

    /** Looks at the octets not looked at before. @return null when more must come */
    private @Nullable Event scan() {
        byte[] octets = input.octets();
        int to = input.to();
        if (discarded == 0 && !input.empty() && octets[input.from()] == TLS_HANDSHAKE) {
            return Event.FOREIGN;
        }
        for (int i = scanned; i < to; i++) {
            if (octets[i] == '\n' && i > input.from() && octets[i - 1] == '\r') {
                lineFrom = input.from();
                lineTo = i - 1;
                input.usedUpTo(i + 1);
                boolean tooLong =
                        discarded > 0 || lineTo - lineFrom > limits.sessions().commandLine();
                return tooLong ? Event.TOO_LONG : Event.LINE;
            }
        }
        scanned = to;
        if (to - input.from() > limits.sessions().commandLine() + 1) {
            discarded += to - 1 - input.from();
            input.usedUpTo(to - 1);
            if (discarded > limits.sessions().discardedLine()) {
                return Event.FLOOD;
            }
        }
        return null;
    }
}
