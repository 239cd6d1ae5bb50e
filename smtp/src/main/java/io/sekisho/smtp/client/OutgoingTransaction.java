package io.sekisho.smtp.client;

import io.sekisho.mail.message.Content;
import io.sekisho.smtp.RemoteReply;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One mail transaction as the client (RFC 5321 section 3.3), with the commands in batches where the server allows it
 * (RFC 2920). A recipient without a reply is one that was accepted or not yet asked for: when none is left without, the
 * transaction is over, whatever happens to the connection.
 */
final class OutgoingTransaction {
    private static final int RESET = -3;
    private static final int MAIL = -2;
    private static final int DATA = -1;
    private static final int SERVICE_CLOSING = 421;

    private final ClientSession session;
    private final ClientLimits.Waits waits;
    private final SaidEnvelope said;
    private final Content content;
    private final @Nullable RemoteReply[] replies;
    private int unanswered;
    /** What was asked and not yet answered: RESET, MAIL, DATA, or the number of a recipient. */
    private final int[] asked;

    private int askedCount;
    private boolean mailAnswered;
    private boolean mailAccepted;
    private boolean dataOpen;
    private boolean contentSent;
    /** After it the transaction is over only when we say so (RFC 3030 section 2). */
    private boolean chunkRefused;

    private boolean broken;

    OutgoingTransaction(ClientSession session, Envelope envelope, Content content) {
        this.session = session;
        this.waits = session.limits().waits();
        this.said = new SaidEnvelope(envelope, content, session.capabilities());
        this.content = content;
        int recipients = envelope.recipients().size();
        this.replies = new @Nullable RemoteReply[recipients];
        this.unanswered = recipients;
        this.asked =
                new int[session.capabilities().pipelining() ? session.limits().batch() : 1];
    }

    /** Whether the server has replied to MAIL; before that, another connection can take over unnoticed. */
    boolean mailAnswered() {
        return mailAnswered;
    }

    /** Whether the final dot may have left. */
    boolean contentSent() {
        return contentSent;
    }

    /** Whether the connection can carry another transaction. */
    boolean reusable() {
        return !broken;
    }

    /**
     * Runs the transaction to its end.
     *
     * @return one final reply for each recipient
     * @throws IOException when the connection failed or the server broke the protocol while a recipient had no reply
     */
    Transmission.Replied run() throws IOException {
        refuseHere();
        if (unanswered > 0) {
            try {
                converse();
                session.resetNeeded(mailAccepted && (!contentSent || chunkRefused));
            } catch (IOException e) {
                broken = true;
                if (unanswered > 0) {
                    throw e;
                }
            }
        }
        List<RemoteReply> all = new ArrayList<>(replies.length);
        for (RemoteReply reply : replies) {
            if (reply == null) {
                throw new IllegalStateException("a recipient was left without a reply");
            }
            all.add(reply);
        }
        return new Transmission.Replied(all, session.server(), session.tls());
    }

    /** What the server cannot take by its own word, or cannot be written into a command, is never sent. */
    private void refuseHere() {
        RemoteReply forAll = said.refusal();
        if (forAll != null) {
            answerAll(forAll);
        }
        for (int i = 0; i < replies.length; i++) {
            RemoteReply refusal = said.refusal(i);
            if (refusal != null) {
                answer(i, refusal);
            }
        }
    }

    private void converse() throws IOException {
        if (session.resetNeeded()) {
            session.appendAscii("RSET");
            ask(RESET);
        }
        session.appendText(said.mail());
        ask(MAIL);
        for (int i = 0; i < replies.length && unanswered > 0; i++) {
            if (replies[i] == null) {
                session.appendText(said.rcpt(i));
                ask(i);
            }
        }
        boolean chunking = session.capabilities().chunking();
        if (unanswered > 0 && !chunking) {
            session.appendAscii("DATA");
            ask(DATA);
        }
        settle();
        if (broken) {
            return;
        }
        if (chunking && unanswered > 0) {
            sendChunks();
        } else if (dataOpen && unanswered > 0) {
            sendContent();
        } else if (dataOpen) {
            sendNothing();
        }
    }

    private void ask(int what) throws IOException {
        session.endLine();
        asked[askedCount++] = what;
        if (askedCount == asked.length) {
            settle();
        }
    }

    /** Writes the commands put together so far and takes the replies in their order. */
    private void settle() throws IOException {
        if (askedCount == 0 || broken) {
            return;
        }
        int count = askedCount;
        askedCount = 0;
        IOException cut = null;
        try {
            session.flush("sending commands");
        } catch (IOException e) {
            cut = e; // what the server said before it left still counts
        }
        for (int i = 0; i < count && !broken; i++) {
            try {
                take(asked[i]);
            } catch (IOException e) {
                if (cut != null) {
                    e.addSuppressed(cut);
                }
                throw e;
            }
        }
    }

    private void take(int what) throws IOException {
        RemoteReply reply = session.reply(waitingFor(what), patience(what));
        if (reply.code() == SERVICE_CLOSING || reply.code() < 400 && !expected(what, reply)) {
            broken = true;
            if (reply.code() != SERVICE_CLOSING || session.kept() && !mailAnswered) {
                throw new ProtocolException("unfitting reply: " + reply);
            }
            mailAnswered = true;
            answerAll(reply);
            return;
        }
        switch (what) {
            case RESET -> {
                if (!reply.positive()) {
                    throw new ProtocolException("RSET was refused: " + reply);
                }
                session.resetNeeded(false);
            }
            case MAIL -> {
                mailAnswered = true;
                mailAccepted = reply.positive();
                if (!mailAccepted) {
                    answerAll(reply);
                }
            }
            case DATA -> {
                dataOpen = reply.positive();
                if (!dataOpen) {
                    answerAll(reply);
                }
            }
            default -> {
                if (!reply.positive()) {
                    answer(what, reply);
                }
            }
        }
    }

    /** Whether a positive reply is one that the command can have: 354 to DATA, 2yz to all others. */
    private static boolean expected(int what, RemoteReply reply) {
        return what == DATA ? reply.code() == 354 : reply.code() < 300;
    }

    private static String waitingFor(int what) {
        return switch (what) {
            case RESET -> "waiting for the reply to RSET";
            case MAIL -> "waiting for the reply to MAIL";
            case DATA -> "waiting for the reply to DATA";
            default -> "waiting for the reply to RCPT";
        };
    }

    private Duration patience(int what) {
        return switch (what) {
            case RESET, MAIL -> waits.mail();
            case DATA -> waits.data();
            default -> waits.recipient();
        };
    }

    private void sendContent() throws IOException {
        session.requireSilence();
        ContentTransfer transfer = new ContentTransfer(session);
        try {
            transfer.send(content);
            transfer.end();
            contentSent = true;
            session.flush(ContentTransfer.SENDING);
        } catch (IOException e) {
            refusedMeanwhile(e);
            return;
        }
        RemoteReply reply = replyToContent();
        broken = reply.code() == SERVICE_CLOSING;
        answerAll(reply);
    }

    /** The connection failed while we wrote. If the server has refused the message before it left, that is its reply. */
    private void refusedMeanwhile(IOException e) throws IOException {
        RemoteReply last = session.lastWords();
        if (last == null || last.positive()) {
            throw e;
        }
        broken = true;
        answerAll(last);
    }

    private RemoteReply replyToContent() throws IOException {
        RemoteReply reply = session.reply("waiting for the reply to the content", waits.finalDot());
        if (reply.code() >= 300 && reply.code() < 400) {
            throw new ProtocolException("unfitting reply: " + reply);
        }
        return reply;
    }

    /** A refused chunk refuses the message; what the server says after that is not waited for, and the connection goes. */
    private void sendChunks() throws IOException {
        session.requireSilence();
        ChunkTransfer transfer = new ChunkTransfer(session, content.size(), this::takeChunk);
        try {
            if (!transfer.send(content)) {
                return;
            }
            contentSent = true;
            session.flush(ContentTransfer.SENDING);
        } catch (IOException e) {
            refusedMeanwhile(e);
            return;
        }
        for (int i = transfer.unanswered(); i > 0; i--) {
            if (!takeChunk()) {
                return;
            }
        }
        RemoteReply reply = replyToContent();
        broken = reply.code() == SERVICE_CLOSING;
        chunkRefused = !reply.positive();
        answerAll(reply);
    }

    private boolean takeChunk() throws IOException {
        RemoteReply reply = replyToContent();
        if (!reply.positive()) {
            broken = true;
            answerAll(reply);
        }
        return reply.positive();
    }

    /** The server waits for content that nobody is to have: the dot alone closes the transaction (RFC 2920 section 3.1). */
    private void sendNothing() throws IOException {
        session.appendAscii(".");
        session.endLine();
        session.flush("sending the dot alone");
        RemoteReply reply = session.reply("waiting for the reply to the dot alone", waits.finalDot());
        broken = reply.code() == SERVICE_CLOSING;
    }

    private void answer(int recipient, RemoteReply reply) {
        if (replies[recipient] == null) {
            replies[recipient] = reply;
            unanswered--;
        }
    }

    private void answerAll(RemoteReply reply) {
        for (int i = 0; i < replies.length; i++) {
            answer(i, reply);
        }
    }
}
