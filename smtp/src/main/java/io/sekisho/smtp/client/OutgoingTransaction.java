package io.sekisho.smtp.client;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
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
    private final Envelope envelope;
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
    private boolean broken;

    OutgoingTransaction(ClientSession session, Envelope envelope, Content content) {
        this.session = session;
        this.waits = session.limits().waits();
        this.envelope = envelope;
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
                session.resetNeeded(mailAccepted && !contentSent);
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
        Capabilities server = session.capabilities();
        if (server.refusesSize(content.size())) {
            answerAll(local(
                    552,
                    3,
                    4,
                    "the message has " + content.size() + " octets, the server takes " + server.sizeLimit()));
        } else if (content.eightBit() && !server.eightBitMime()) {
            answerAll(local(554, 6, 3, "the message needs 8BITMIME, which the server does not offer"));
        } else if (envelope.reversePath() instanceof ReversePath.Of(Mailbox sender) && !writable(sender)) {
            answerAll(local(553, 6, 7, "the sender's address needs SMTPUTF8"));
        }
        for (int i = 0; i < replies.length; i++) {
            if (!writable(envelope.recipients().get(i))) {
                answer(i, local(553, 6, 7, "the recipient's address needs SMTPUTF8"));
            }
        }
    }

    private static RemoteReply local(int code, int subject, int detail, String text) {
        EnhancedStatus status = new EnhancedStatus(code / 100, subject, detail);
        return new RemoteReply(code, status, status + " " + text);
    }

    private static boolean writable(Mailbox mailbox) {
        String local = mailbox.localPart();
        for (int i = 0; i < local.length(); i++) {
            if (local.charAt(i) < 32 || local.charAt(i) > 126) {
                return false;
            }
        }
        String domain = mailbox.domain();
        for (int i = 0; i < domain.length(); i++) {
            char c = domain.charAt(i);
            if (c < 33 || c > 126 || c == '<' || c == '>') {
                return false;
            }
        }
        return true;
    }

    private void converse() throws IOException {
        if (session.resetNeeded()) {
            session.appendAscii("RSET");
            ask(RESET);
        }
        appendMail();
        ask(MAIL);
        for (int i = 0; i < replies.length && unanswered > 0; i++) {
            if (replies[i] == null) {
                session.appendAscii("RCPT TO:<");
                session.appendAscii(envelope.recipients().get(i).toString());
                session.appendAscii(">");
                ask(i);
            }
        }
        if (unanswered > 0) {
            session.appendAscii("DATA");
            ask(DATA);
        }
        settle();
        if (dataOpen && !broken) {
            if (unanswered > 0) {
                sendContent();
            } else {
                sendNothing();
            }
        }
    }

    private void appendMail() {
        Capabilities server = session.capabilities();
        session.appendAscii("MAIL FROM:<");
        session.appendAscii(envelope.reversePath().toString());
        session.appendAscii(">");
        if (server.size()) {
            session.appendAscii(" SIZE=");
            session.appendAscii(Long.toString(content.size()));
        }
        if (content.eightBit()) {
            session.appendAscii(" BODY=8BITMIME");
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
            RemoteReply last = session.lastWords();
            if (last == null || last.positive()) {
                throw e;
            }
            broken = true;
            answerAll(last);
            return;
        }
        RemoteReply reply = session.reply("waiting for the reply to the content", waits.finalDot());
        if (reply.code() >= 300 && reply.code() < 400) {
            throw new ProtocolException("unfitting reply: " + reply);
        }
        broken = reply.code() == SERVICE_CLOSING;
        answerAll(reply);
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
