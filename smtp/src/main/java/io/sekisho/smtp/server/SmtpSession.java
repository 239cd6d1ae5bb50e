package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.Reply;
import io.sekisho.smtp.server.ContentStage.Answer;
import io.sekisho.smtp.tls.ServerTls;
import io.sekisho.smtp.tls.UpgradableConnection;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One SMTP session, from the greeting to the end, in one thread (RFC 5321). */
final class SmtpSession implements Runnable {
    private static final System.Logger LOG = System.getLogger(SmtpSession.class.getName());

    /** Whoever says it closes the connection (RFC 5321 section 3.8). */
    private static final int SHUTTING_DOWN = 421;

    private final UpgradableConnection connection;
    private final Surroundings surroundings;
    private final ServerLimits limits;
    private final Peer peer;
    private final SessionInput input;
    private final ReplyWriter replies;
    private final DrainGate gate;
    private final CommandReader reader;
    private final ContentStage content;
    private final SessionTls tls;
    private final long sessionEndsBy;

    private boolean greeted;
    private boolean open = true;
    private @Nullable String endReason;
    private @Nullable Hello hello;
    private @Nullable MailTransaction transaction;
    private long transactionEndsBy;
    private long announced;
    private boolean utf8;
    private int accepted;
    private int errors;
    private int refused;
    private int transactions;

    SmtpSession(Connection connection, Surroundings surroundings) {
        this.connection = new UpgradableConnection(connection);
        this.surroundings = surroundings;
        this.limits = surroundings.limits();
        this.peer = new Peer(connection.remoteAddress(), connection.remotePort());
        this.input = new SessionInput(
                this.connection, surroundings.memory(), limits.memory().input());
        Duration untilNextWord = limits.waits().command().plus(limits.waits().parting());
        this.replies = new ReplyWriter(this.connection, untilNextWord);
        this.tls = new SessionTls(this.connection, surroundings.tls(), untilNextWord);
        this.gate = new DrainGate(surroundings.draining());
        this.reader = new CommandReader(this.connection, input, replies, gate, limits, surroundings.nanos());
        this.content = new ContentStage(this.connection, input, replies, surroundings);
        this.sessionEndsBy = endOf(limits.waits().session());
    }

    private long endOf(Duration fromNow) {
        return surroundings.nanos().getAsLong() + fromNow.toNanos();
    }

    @Override
    public void run() {
        try {
            while (open) {
                step();
            }
            replies.flush();
            if (endReason != null) {
                awaitParting();
            }
        } catch (IOException e) {
            if (open) {
                endReason = "connection lost: " + e.getMessage();
            }
        } finally {
            content.reset();
            input.release();
            connection.close();
            surroundings.receiver().disconnected(peer, endReason);
        }
    }

    /** One command with all that it brings about. The one place where a surprise ends. */
    private void step() throws IOException {
        try {
            if (greeted) {
                next();
            } else {
                greet();
            }
        } catch (RuntimeException | Error surprise) {
            String id = surroundings.surpriseIds().get();
            LOG.log(System.Logger.Level.ERROR, "surprise " + id + " in a session with " + peer, surprise);
            boolean lost = content.midway() || !greeted;
            forgetTransaction();
            replies.add(SessionReplies.surprise(id));
            if (lost) {
                // where the commands go on is not known, or there is no session yet
                end("surprise " + id);
            }
        }
    }

    private void greet() throws IOException {
        if (tls.implicit()) {
            secure(tls.side());
            if (!open) {
                return;
            }
        }
        Reply greeting = gate.draining()
                ? SessionReplies.STOPPING
                : surroundings.receiver().connected(peer);
        greeted = true;
        replies.add(greeting);
        if (greeting.code() != 220) {
            end("turned away: " + greeting);
        }
    }

    private void next() throws IOException {
        boolean between = transaction == null;
        if (between && gate.draining()) {
            end(SessionReplies.STOPPING, "the server stops");
            return;
        }
        switch (reader.next(!between, between ? sessionEndsBy : transactionEndsBy)) {
            case LINE -> carryOut(surroundings.parser().parse(input.octets(), reader.lineFrom(), reader.lineTo()));
            case TOO_LONG -> mistake(SessionReplies.LINE_TOO_LONG);
            case FLOOD -> end(SessionReplies.LINE_TOO_LONG, "a line without an end");
            case FOREIGN -> end(SessionReplies.NOT_SMTP, "another protocol than SMTP");
            case TIMED_OUT -> end(SessionReplies.TIMED_OUT, "no command in time");
            case ENDED -> end("ended without QUIT");
            case DRAINING -> end(SessionReplies.STOPPING, "the server stops");
            case TAKEN -> end("the server stops");
        }
    }

    private void carryOut(Command command) throws IOException {
        switch (command) {
            case Command.Helo(String argument) -> hello(argument, false);
            case Command.Ehlo(String argument) -> hello(argument, true);
            case Command.Mail mail -> mail(mail);
            case Command.Rcpt rcpt -> rcpt(rcpt);
            case Command.Data d -> data();
            case Command.Bdat bdat -> bdat(bdat);
            case Command.Rset r -> {
                forgetTransaction();
                replies.add(SessionReplies.OK);
            }
            case Command.Noop n -> replies.add(SessionReplies.OK);
            case Command.Vrfy v -> replies.add(SessionReplies.VRFY);
            case Command.Help h -> replies.add(SessionReplies.HELP);
            case Command.StartTls s -> startTls();
            case Command.Quit q -> quit();
            case Command.Malformed(Reply reply) -> mistake(reply);
            case Command.Unframed u -> end(SessionReplies.NO_CHUNK_SIZE, "BDAT without a size");
            case Command.Foreign f -> end(SessionReplies.NOT_SMTP, "another protocol than SMTP");
        }
    }

    private void hello(String argument, boolean extended) throws IOException {
        forgetTransaction();
        hello = new Hello(peer, argument, extended, tls.session());
        Reply toEhlo = tls.offered() ? surroundings.startTlsHello() : surroundings.extendedHello();
        replies.add(extended ? toEhlo : surroundings.hello());
    }

    private void startTls() throws IOException {
        Reply refusal = tls.refusal(hello != null, transaction != null);
        if (refusal != null) {
            mistake(refusal);
        } else if (!input.empty() || input.readable()) {
            end(SessionReplies.TLS_INJECTION, "plaintext behind STARTTLS");
        } else {
            ServerTls side = tls.side();
            replies.add(SessionReplies.START_TLS);
            replies.flush();
            // what was said before is forgotten (RFC 3207 section 4.2)
            hello = null;
            secure(side);
        }
    }

    private void secure(ServerTls side) {
        String failure = tls.start(side);
        if (failure != null) {
            end(failure);
        }
    }

    private void mail(Command.Mail mail) throws IOException {
        Hello said = hello;
        if (said == null) {
            mistake(SessionReplies.HELLO_FIRST);
            return;
        }
        if (transaction != null) {
            mistake(SessionReplies.NESTED_MAIL);
            return;
        }
        boolean dsn = !mail.parameters().dsn().equals(DsnOptions.NONE);
        if (!said.extended() && (dsn || mail.parameters().smtpUtf8())) {
            mistake(SessionReplies.EHLO_FOR_PARAMETERS);
            return;
        }
        if (mail.parameters().size() > limits.messages().size()) {
            replies.add(SessionReplies.TOO_LARGE);
            return;
        }
        if (transactions == limits.sessions().transactions()) {
            end(SessionReplies.TOO_MANY_TRANSACTIONS, "too many mail transactions");
            return;
        }
        transactions++;
        switch (surroundings.receiver().begin(said, mail.reversePath(), mail.parameters())) {
            case Receiver.Beginning.Opened(MailTransaction opened) -> {
                transaction = opened;
                transactionEndsBy = endOf(limits.waits().transaction());
                announced = mail.parameters().size();
                utf8 = mail.parameters().smtpUtf8();
                accepted = 0;
                replies.add(SessionReplies.SENDER_OK);
            }
            case Receiver.Beginning.Refused(Reply reply) -> refuse(reply);
        }
    }

    private void rcpt(Command.Rcpt rcpt) throws IOException {
        MailTransaction current = transaction;
        if (current == null) {
            mistake(SessionReplies.MAIL_FIRST);
            return;
        }
        Reply wrong = wrongHere(rcpt);
        if (wrong != null) {
            mistake(wrong);
            return;
        }
        if (accepted == limits.messages().recipients()) {
            replies.add(SessionReplies.TOO_MANY_RECIPIENTS);
            return;
        }
        Reply reply = current.recipient(rcpt.forwardPath(), rcpt.parameters());
        if (reply.positive()) {
            accepted++;
            replies.add(reply);
        } else {
            refuse(reply);
        }
    }

    /** Why a recipient that is right in itself cannot be said in this transaction; null when it can. */
    private @Nullable Reply wrongHere(Command.Rcpt rcpt) {
        if (content.chunked()) {
            return SessionReplies.CHUNKS_BEGUN;
        }
        if (hello != null && !hello.extended() && !rcpt.parameters().equals(RecipientParameters.NONE)) {
            return SessionReplies.EHLO_FOR_PARAMETERS;
        }
        return !utf8 && rcpt.international() ? SessionReplies.NEEDS_SMTPUTF8 : null;
    }

    /** A sender or recipient is refused. Those who try one name after the other are let go. */
    private void refuse(Reply reply) throws IOException {
        if (reply.positive()) {
            throw new IllegalStateException("a refusal cannot say " + reply);
        }
        replies.add(reply);
        if (reply.code() == SHUTTING_DOWN) {
            end("the receiver ended the session: " + reply);
        } else if (reply.code() >= 500 && ++refused == limits.sessions().refusedRecipients()) {
            end(SessionReplies.TOO_MANY_REFUSED, "too many refused recipients");
        }
    }

    private void data() throws IOException {
        MailTransaction current = transaction;
        if (current == null) {
            mistake(SessionReplies.MAIL_FIRST);
            return;
        }
        if (content.chunked()) {
            mistake(SessionReplies.CHUNKS_BEGUN);
            return;
        }
        if (accepted == 0) {
            mistake(SessionReplies.NO_RECIPIENT);
            return;
        }
        carryOut(content.data(current, announced, transactionEndsBy));
    }

    private void bdat(Command.Bdat chunk) throws IOException {
        MailTransaction current = transaction;
        long endsBy = current == null ? endOf(limits.waits().transaction()) : transactionEndsBy;
        carryOut(content.chunk(chunk, current, accepted > 0, announced, endsBy));
    }

    private void carryOut(Answer answer) throws IOException {
        switch (answer) {
            case Answer.GoesOn(Reply reply) -> replies.add(reply);
            case Answer.Mistake(Reply reply) -> mistake(reply);
            case Answer.Over(Reply reply) -> {
                forgetTransaction();
                replies.add(reply);
            }
            case Answer.End(Reply reply, String reason) -> {
                forgetTransaction();
                if (reply != null) {
                    replies.add(reply);
                }
                end(reason);
            }
        }
    }

    private void quit() throws IOException {
        replies.add(SessionReplies.BYE);
        open = false;
    }

    private void forgetTransaction() {
        transaction = null;
        accepted = 0;
        content.reset();
    }

    private void mistake(Reply reply) throws IOException {
        replies.add(reply);
        if (++errors == limits.sessions().errors()) {
            end(SessionReplies.TOO_MANY_ERRORS, "too many errors");
        }
    }

    private void end(Reply reply, String reason) throws IOException {
        replies.add(reply);
        end(reason);
    }

    private void end(String reason) {
        open = false;
        endReason = reason;
    }

    /** Reads on for a moment: closing with octets unread would take our last replies from the client (RFC 1122 4.2.2.13). */
    private void awaitParting() {
        connection.deadline(limits.waits().parting());
        try {
            connection.readTimeout(limits.waits().parting());
            do {
                input.usedUpTo(input.to());
            } while (input.fill());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "{0} stayed longer than it had to: {1}", peer, e.getMessage());
        }
    }

    /** The server stops: takes the session over if it waits between two mail transactions. Called by another thread. */
    boolean takeIdle() {
        return gate.take();
    }

    /** Tells the client of a session that was taken over; the session's own thread then sees it off. */
    void sayStopping() {
        try {
            SessionReplies.write(
                    SessionReplies.STOPPING, connection, limits.waits().parting());
        } catch (IOException e) {
            connection.close();
        }
    }

    /** Ends the session at once. Called by another thread. */
    void cut() {
        connection.close();
    }
}
