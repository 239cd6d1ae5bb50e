package io.sekisho.smtp.server;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.ContentBuffer;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import io.sekisho.smtp.server.MailDataReader.Defect;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Receives the content of one message after the other: from 354 to the final dot, always to the true end. */
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

        /** All of it, but it cannot be taken; the session goes on. @param reply why */
        record Refused(Reply reply) implements Received {}

        /** So much that the rest is not worth waiting for; the session ends. @param reply why */
        record Flood(Reply reply) implements Received {}

        /** The client stopped sending. */
        record TimedOut() implements Received {}

        /** The client ended the stream before the final dot. */
        record Ended() implements Received {}
    }

    /**
     * Receives one message. {@link #release} must follow.
     *
     * @param announced the size that the client announced, 0 when it announced none
     * @param endsBy when the final dot must have come, in the time of the clock given
     * @throws IOException when the connection is lost
     */
    Received receive(long announced, long endsBy) throws IOException {
        ServerLimits limits = surroundings.limits();
        room = surroundings.memory().grant(announced);
        ContentBuffer taken = new ContentBuffer(room, announced, surroundings.incoming());
        buffer = taken;
        long sizeLimit = limits.messages().size();
        var reader = new MailDataReader(taken, sizeLimit);
        input.borrow();
        LongSupplier nanos = surroundings.nanos();
        long each = limits.waits().content().toNanos();
        try {
            while (true) {
                input.usedUpTo(reader.take(input.octets(), input.from(), input.to()));
                if (reader.ended()) {
                    return ended(reader, taken);
                }
                if (reader.tooLarge() && reader.received() / 2 > sizeLimit) {
                    return new Received.Flood(TOO_LARGE);
                }
                long left = Math.min(each, endsBy - nanos.getAsLong());
                if (left <= 0) {
                    return new Received.TimedOut();
                }
                connection.readTimeout(Duration.ofNanos(left));
                if (!input.fill()) {
                    return new Received.Ended();
                }
            }
        } catch (SocketTimeoutException e) {
            return new Received.TimedOut();
        } finally {
            input.relax();
        }
    }

    private static Received ended(MailDataReader reader, ContentBuffer taken) {
        if (reader.tooLarge()) {
            return new Received.Refused(TOO_LARGE);
        }
        Defect defect = reader.defect();
        if (defect != null) {
            return new Received.Refused(
                    switch (defect) {
                        case BARE_CR -> HAS_BARE_CR;
                        case BARE_LF -> HAS_BARE_LF;
                        case NUL -> HAS_NUL;
                    });
        }
        IOException failure = reader.diskError();
        if (failure == null) {
            try {
                return new Received.Complete(taken.finish());
            } catch (IOException e) {
                failure = e;
            }
        }
        LOG.log(System.Logger.Level.WARNING, "a message could not be kept and was put off with 451: {0}", failure);
        return new Received.Refused(NO_DISK);
    }

    /** Gives back what the message held; deletes its file if nobody owns it. */
    void release() {
        ContentBuffer last = buffer;
        if (last == null) {
            return;
        }
        buffer = null;
        surroundings.memory().release(room);
        try {
            last.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the file of an incomplete message could not be deleted: {0}", e);
        }
    }
}
