package io.sekisho.smtp.server;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.ContentBuffer;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import io.sekisho.smtp.server.ArrivingContent.Defect;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Receives the content of one message after the other, always to its true end: from 354 to the final dot, or chunk by chunk.
 * A chunk that nobody will have is read all the same, so that the next command is found (RFC 3030 section 2).
 */
final class ContentReceiver {
    private static final System.Logger LOG = System.getLogger(ContentReceiver.class.getName());
    private static final Reply TOO_LARGE = Reply.of(552, "5.3.4", "the message is larger than SIZE allows");
    private static final Reply NO_DISK = Reply.of(451, "4.3.1", "cannot store the message now, try again later");
    private static final Reply HAS_BARE_CR =
            Reply.of(554, "5.6.0", "the message holds CR without LF; a line ends with CR LF (RFC 5321 section 2.3.8)");
    private static final Reply HAS_BARE_LF =
            Reply.of(554, "5.6.0", "the message holds LF without CR; a line ends with CR LF (RFC 5321 section 2.3.8)");
    private static final Reply HAS_NUL = Reply.of(554, "5.6.0", "the message holds NUL");

    private final Connection connection;
    private final SessionInput input;
    private final Surroundings surroundings;
    private @Nullable ContentBuffer buffer;
    private @Nullable ArrivingContent arriving;
    private int room;

    ContentReceiver(Connection connection, SessionInput input, Surroundings surroundings) {
        this.connection = connection;
        this.input = input;
        this.surroundings = surroundings;
    }

    /** What came. */
    sealed interface Received {
        /** All of it, sound. @param content whoever gets it owns its file */
        record Complete(Content content) implements Received {}

        /** One chunk, sound so far; more must follow. */
        record Part() implements Received {}

        /** All of it, or of its chunk, but it cannot be taken; the session goes on. @param reply why */
        record Refused(Reply reply) implements Received {}

        /** So much that the rest is not worth waiting for; the session ends. @param reply why */
        record Flood(Reply reply) implements Received {}

        /** The client stopped sending. */
        record TimedOut() implements Received {}

        /** The client ended the stream before the final dot. */
        record Ended() implements Received {}
    }

    /**
     * Receives one message after DATA. {@link #release} must follow.
     *
     * @param announced the size that the client announced, 0 when it announced none
     * @param endsBy when the final dot must have come, in the time of the clock given
     * @throws IOException when the connection is lost
     */
    Received receive(long announced, long endsBy) throws IOException {
        ArrivingContent content = begin(announced);
        long sizeLimit = surroundings.limits().messages().size();
        var reader = new MailDataReader(content);
        input.borrow();
        try {
            while (true) {
                input.usedUpTo(reader.take(input.octets(), input.from(), input.to()));
                if (reader.ended()) {
                    return complete(content);
                }
                if (content.tooLarge() && reader.received() / 2 > sizeLimit) {
                    return new Received.Flood(TOO_LARGE);
                }
                Received stopped = more(endsBy);
                if (stopped != null) {
                    return stopped;
                }
            }
        } finally {
            input.relax();
        }
    }

    private ArrivingContent begin(long announced) {
        room = surroundings.memory().grant(announced);
        ContentBuffer taken = new ContentBuffer(room, announced, surroundings.incoming());
        buffer = taken;
        ArrivingContent content =
                new ArrivingContent(taken, surroundings.limits().messages().size());
        arriving = content;
        return content;
    }

    /** Waits for octets. @return null when there are some, else why there are none */
    private @Nullable Received more(long endsBy) throws IOException {
        long each = surroundings.limits().waits().content().toNanos();
        long left = Math.min(each, endsBy - surroundings.nanos().getAsLong());
        if (left <= 0) {
            return new Received.TimedOut();
        }
        connection.readTimeout(Duration.ofNanos(left));
        try {
            return input.fill() ? null : new Received.Ended();
        } catch (SocketTimeoutException e) {
            return new Received.TimedOut();
        }
    }

    /**
     * Receives one chunk of a message, the first or another. {@link #release} must follow when the message has come to an
     * end, whichever it is.
     *
     * @param announced the size that the client announced for the message, 0 when it announced none
     * @throws IOException when the connection is lost
     */
    Received chunk(Command.Bdat chunk, long announced, long endsBy) throws IOException {
        ArrivingContent before = arriving;
        ArrivingContent content = before == null ? begin(Math.max(announced, chunk.size())) : before;
        Received stopped =
                flood(content.size() + chunk.size()) ? new Received.Flood(TOO_LARGE) : pass(chunk, content, endsBy);
        if (stopped != null) {
            return stopped;
        }
        if (chunk.last()) {
            content.lastChunk();
            return complete(content);
        }
        Reply refusal = refusal(content);
        return refusal == null ? new Received.Part() : new Received.Refused(refusal);
    }

    /** Reads a chunk and forgets it. */
    Received drop(Command.Bdat chunk, long endsBy) throws IOException {
        Received stopped = flood(chunk.size()) ? new Received.Flood(TOO_LARGE) : pass(chunk, null, endsBy);
        return stopped == null ? new Received.Part() : stopped;
    }

    private boolean flood(long octets) {
        return octets < 0 || octets / 2 > surroundings.limits().messages().size();
    }

    private @Nullable Received pass(Command.Bdat chunk, @Nullable ArrivingContent content, long endsBy)
            throws IOException {
        long left = chunk.size();
        if (left > input.to() - input.from()) {
            input.borrow();
        }
        try {
            while (true) {
                int from = input.from();
                int to = (int) Math.min(input.to(), from + left);
                if (content != null) {
                    content.chunk(input.octets(), from, to);
                }
                input.usedUpTo(to);
                left -= to - from;
                if (left == 0) {
                    return null;
                }
                Received stopped = more(endsBy);
                if (stopped != null) {
                    return stopped;
                }
            }
        } finally {
            input.relax();
        }
    }

    private Received complete(ArrivingContent content) {
        Reply refusal = refusal(content);
        if (refusal != null) {
            return new Received.Refused(refusal);
        }
        ContentBuffer taken = buffer;
        if (taken == null) {
            throw new IllegalStateException("no message has begun");
        }
        try {
            return new Received.Complete(taken.finish());
        } catch (IOException e) {
            return new Received.Refused(noDisk(e));
        }
    }

    /** Why the content cannot be taken; null when it can so far. */
    private static @Nullable Reply refusal(ArrivingContent content) {
        if (content.tooLarge()) {
            return TOO_LARGE;
        }
        Defect defect = content.defect();
        if (defect != null) {
            return switch (defect) {
                case BARE_CR -> HAS_BARE_CR;
                case BARE_LF -> HAS_BARE_LF;
                case NUL -> HAS_NUL;
            };
        }
        IOException failure = content.diskError();
        return failure == null ? null : noDisk(failure);
    }

    private static Reply noDisk(IOException failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "a message could not be kept and was put off with 451: {0}",
                failure.getMessage());
        return NO_DISK;
    }

    /** Gives back what the message held; deletes its file if nobody owns it. */
    void release() {
        ContentBuffer last = buffer;
        if (last == null) {
            return;
        }
        buffer = null;
        arriving = null;
        surroundings.memory().release(room);
        try {
            last.close();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the file of an incomplete message could not be deleted: {0}",
                    e.getMessage());
        }
    }
}
