package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import io.sekisho.smtp.server.ContentReceiver.Received;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The part of a mail transaction in which its content comes: by DATA, or by one BDAT after the other (RFC 3030). What comes
 * by BDAT keeps the rules of DATA: only CR LF ends a line, a bare CR or LF or a NUL breaks the message, and content whose last
 * line has no end gets it. A chunk that fails breaks the transaction: what follows of it is read, and answered like the first
 * failure, until the last chunk or a command that ends the transaction.
 */
final class ContentStage {
    /** Whoever says it closes the connection (RFC 5321 section 3.8). */
    private static final int SHUTTING_DOWN = 421;

    private final Connection connection;
    private final SessionInput input;
    private final ReplyWriter replies;
    private final ServerLimits limits;
    private final ContentReceiver receiver;
    private boolean midway;
    private boolean chunked;
    private @Nullable Reply failed;

    ContentStage(Connection connection, SessionInput input, ReplyWriter replies, Surroundings surroundings) {
        this.connection = connection;
        this.input = input;
        this.replies = replies;
        this.limits = surroundings.limits();
        this.receiver = new ContentReceiver(connection, input, surroundings);
    }

    /** What came of it, for the session to say and do. */
    sealed interface Answer {
        /** The transaction goes on: another chunk may follow. */
        record GoesOn(Reply reply) implements Answer {}

        /** The client made a mistake. */
        record Mistake(Reply reply) implements Answer {}

        /** The transaction is over, well or not. */
        record Over(Reply reply) implements Answer {}

        /** The session ends. @param reply the last word, null when nobody listens @param reason for the log */
        record End(@Nullable Reply reply, String reason) implements Answer {}
    }

    /** Whether octets of content may be under way, so that nobody knows where the next command begins. */
    boolean midway() {
        return midway;
    }

    /** Whether the transaction has seen BDAT, so that only more of it, or its end, may follow. */
    boolean chunked() {
        return chunked;
    }

    /** The transaction is over: what it held is given back. */
    void reset() {
        chunked = false;
        failed = null;
        midway = false;
        receiver.release();
    }

    /**
     * All of the content after DATA.
     *
     * @param announced the size that the client announced, 0 when it announced none
     * @param endsBy when the transaction must be over, in the time of the server's clock
     */
    Answer data(MailTransaction transaction, long announced, long endsBy) throws IOException {
        replies.add(SessionReplies.START_CONTENT);
        replies.flush();
        return taken(await(() -> receiver.receive(announced, endsBy)), transaction);
    }

    private interface Reception {
        Received run() throws IOException;
    }

    private Received await(Reception reception) throws IOException {
        connection.deadline(limits.waits().transaction().plus(limits.waits().parting()));
        midway = true;
        Received received = reception.run();
        midway = false;
        return received;
    }

    private Answer taken(Received received, MailTransaction transaction) {
        return switch (received) {
            case Received.Complete complete -> custody(transaction, complete);
            case Received.Refused(Reply reply) -> {
                transaction.contentRefused(reply);
                yield new Answer.Over(reply);
            }
            case Received.Flood(Reply reply) -> {
                transaction.contentRefused(reply);
                yield new Answer.End(reply, "content far above the limit");
            }
            case Received.TimedOut t -> new Answer.End(SessionReplies.TIMED_OUT, "no content in time");
            case Received.Ended e -> new Answer.End(null, "ended inside content");
            case Received.Part p -> throw new IllegalStateException("a part is not all");
        };
    }

    private Answer custody(MailTransaction transaction, Received.Complete complete) {
        // the last word about a message must not be cut off while it is being stored
        connection.deadline(limits.waits().transaction());
        try {
            return switch (transaction.content(complete.content())) {
                case ContentOutcome.Stored(Receipt receipt) -> new Answer.Over(SessionReplies.stored(receipt));
                case ContentOutcome.Refused(Reply reply) ->
                    reply.code() == SHUTTING_DOWN
                            ? new Answer.End(reply, "the receiver ended the session: " + reply)
                            : new Answer.Over(reply);
            };
        } catch (InterruptedException e) {
            return new Answer.End(SessionReplies.STOPPING, "the server stops");
        }
    }

    /**
     * One chunk.
     *
     * @param transaction to which it belongs, null when none is open
     * @param recipients whether it has a recipient
     */
    Answer chunk(
            Command.Bdat chunk, @Nullable MailTransaction transaction, boolean recipients, long announced, long endsBy)
            throws IOException {
        if (chunk.size() > input.to() - input.from()) {
            // the client may wait for what is due before it sends the rest
            replies.flush();
        }
        if (transaction == null) {
            Answer ended = drop(chunk, endsBy);
            return ended != null ? ended : new Answer.Mistake(SessionReplies.MAIL_FIRST);
        }
        chunked = true;
        if (failed == null && !recipients) {
            failed = SessionReplies.NO_RECIPIENT;
        }
        Reply refusal = failed;
        if (refusal != null) {
            Answer ended = drop(chunk, endsBy);
            return ended != null ? ended : chunk.last() ? new Answer.Over(refusal) : new Answer.GoesOn(refusal);
        }
        Received received = await(() -> receiver.chunk(chunk, announced, endsBy));
        if (received instanceof Received.Part) {
            return new Answer.GoesOn(SessionReplies.chunk(chunk.size()));
        }
        Answer answer = taken(received, transaction);
        if (!chunk.last() && answer instanceof Answer.Over(Reply reply)) {
            failed = reply;
            return new Answer.GoesOn(reply);
        }
        return answer;
    }

    /** Reads a chunk that nobody will have. @return null when that is done, else how the session ends */
    private @Nullable Answer drop(Command.Bdat chunk, long endsBy) throws IOException {
        return switch (await(() -> receiver.drop(chunk, endsBy))) {
            case Received.Flood(Reply tooLarge) -> new Answer.End(tooLarge, "content far above the limit");
            case Received.TimedOut t -> new Answer.End(SessionReplies.TIMED_OUT, "no content in time");
            case Received.Ended e -> new Answer.End(null, "ended inside content");
            case Received.Part p -> null;
            case Received.Complete c -> throw new IllegalStateException("nothing was kept");
            case Received.Refused r -> throw new IllegalStateException("nothing was judged");
        };
    }
}
