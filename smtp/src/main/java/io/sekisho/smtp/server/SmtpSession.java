package io.sekisho.smtp.server;

import io.sekisho.mail.message.ContentBuffer;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One session: the dialogue of RFC 5321 with one client, in one thread. */
final class SmtpSession {
    private static final System.Logger LOG = System.getLogger(SmtpSession.class.getName());
    private static final Reply OK = Reply.of(250, "2.0.0", "ok");
    private static final Reply SENDER_OK = Reply.of(250, "2.1.0", "sender ok");
    private static final Reply GO_AHEAD = new Reply(354, null, List.of("end with CR LF . CR LF"));
    private static final Reply HELLO_FIRST = Reply.of(503, "5.5.1", "say EHLO first");
    private static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "say MAIL first");
    private static final Reply NESTED = Reply.of(503, "5.5.1", "a mail transaction is open, RSET ends it");
    private static final Reply NO_RECIPIENT = Reply.of(554, "5.5.1", "no valid recipient");
    private static final Reply MANY_RECIPIENTS =
            Reply.of(452, "4.5.3", "too many recipients, send the rest in another mail transaction");
    private static final Reply TOO_LARGE = Reply.of(552, "5.3.4", "message larger than allowed here");
    private static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2", "command line too long");
    private static final Reply CANNOT_VERIFY =
            Reply.of(252, "2.5.2", "not told here; send mail and it is delivered or refused");
    private static final Reply HELP = Reply.of(214, "2.0.0", "EHLO HELO MAIL RCPT DATA RSET NOOP VRFY HELP QUIT");
    private static final Reply BYE = Reply.of(221, "2.0.0", "bye");
    private static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0", "too many errors");
    private static final Reply TOO_MANY_MESSAGES =
            Reply.of(421, "4.7.0", "too many messages in one session, connect again");
    private static final Reply OTHER_PROTOCOL = Reply.of(554, "5.5.1", "this is an SMTP server");
    private static final Reply TOO_SLOW = Reply.of(421, "4.4.2", "nothing came in time");
    private static final Reply STOPPING = Reply.of(421, "4.3.2", "this server is stopping, try again");

    private final SmtpServer server;
    private final Connection connection;
    private final Peer peer;
    private final Receiver receiver;
    private final ServerLimits limits;
    private final SessionInput in;
    private final ReplyWriter out;
    private @Nullable Hello hello;
    private @Nullable MailTransaction transaction;
    private MailParameters parameters = new MailParameters(0, false);
    private int recipients;
    private int errors;
    private int transactions;
    private boolean closing;
    private boolean idle;

    SmtpSession(SmtpServer server, Connection connection, Receiver receiver, ServerLimits limits, BlockPool pool) {
        this.server = server;
        this.connection = connection;
        this.peer = new Peer(connection.remoteAddress(), connection.remotePort());
        this.receiver = receiver;
        this.limits = limits;
        this.in = new SessionInput(connection, pool, server::nanos);
        this.out = new ReplyWriter(connection);
    }

    /** The whole session. */
    void run() {
        String reason = null;
        try {
            connection.deadline(limits.session());
            Reply greeting = receiver.connected(peer);
            out.add(greeting);
            closing = greeting.code() != 220;
            while (!closing) {
                command();
            }
            out.flush();
        } catch (SocketTimeoutException e) {
            reason = last(TOO_SLOW);
        } catch (EOFException e) {
            reason = transaction == null ? null : "the client has gone in a mail transaction";
        } catch (IOException e) {
            reason = transaction == null ? null : "the connection was lost: " + e.getMessage();
        } catch (InterruptedException e) {
            reason = last(STOPPING);
        } finally {
            in.release();
            connection.close();
            receiver.disconnected(peer, reason);
        }
    }

    private String last(Reply reply) {
        try {
            out.add(reply);
            out.flush();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "last words lost: {0}", e.getMessage());
        }
        return reply.toString();
    }

    private void command() throws IOException, InterruptedException {
        SessionInput.Line line;
        if (in.hasLine()) {
            line = in.readLine(limits.commandLine(), limits.command());
        } else {
            in.shrink();
            out.flush();
            if (!rest()) {
                throw new InterruptedException("stopping");
            }
            line = in.readLine(limits.commandLine(), limits.command());
            if (!awake()) {
                throw new EOFException("stopped");
            }
        }
        Reply reply;
        try {
            reply = line == SessionInput.Line.TOO_LONG
                    ? LINE_TOO_LONG
                    : carryOut(server.parser().parse(in.array(), in.start(), in.length()));
        } catch (RuntimeException e) {
            reply = surprise(e);
        }
        answer(reply);
    }

    /** A surprise is always 451 with an id and no detail. */
    private Reply surprise(RuntimeException e) {
        String id = server.surpriseId();
        LOG.log(System.Logger.Level.ERROR, "surprise " + id + " in a session with " + peer.address(), e);
        reset();
        return Reply.of(451, "4.3.0", "something went wrong here, try again later (" + id + ")");
    }

    private void answer(Reply reply) throws IOException {
        out.add(reply);
        if (reply.code() >= 500 && ++errors > limits.errors()) {
            out.add(TOO_MANY_ERRORS);
            closing = true;
        }
        closing |= reply.code() == 421 || reply.code() == 221;
    }

    private Reply carryOut(Command command) throws IOException, InterruptedException {
        return switch (command) {
            case Command.Greet greet -> greet(greet);
            case Command.Mail mail -> mail(mail);
            case Command.Rcpt rcpt -> rcpt(rcpt);
            case Command.Data data -> data();
            case Command.Rset rset -> {
                reset();
                yield OK;
            }
            case Command.Noop noop -> OK;
            case Command.Vrfy vrfy -> CANNOT_VERIFY;
            case Command.Help help -> HELP;
            case Command.Quit quit -> BYE;
            case Command.Wrong wrong -> wrong.reply();
            case Command.OtherProtocol other -> {
                closing = true;
                yield OTHER_PROTOCOL;
            }
        };
    }

    private void reset() {
        transaction = null;
        recipients = 0;
    }

    private Reply greet(Command.Greet greet) {
        reset();
        hello = new Hello(peer, greet.argument(), greet.extended());
        return greet.extended() ? server.extensions() : server.helloReply();
    }

    private Reply mail(Command.Mail mail) {
        Hello by = hello;
        if (by == null) {
            return HELLO_FIRST;
        }
        if (transaction != null) {
            return NESTED;
        }
        if (mail.parameters().size() > limits.messageSize()) {
            return TOO_LARGE;
        }
        if (transactions++ >= limits.transactions()) {
            return TOO_MANY_MESSAGES;
        }
        return switch (receiver.begin(by, mail.reversePath(), mail.parameters())) {
            case Receiver.Beginning.Refused refused -> refused.reply();
            case Receiver.Beginning.Opened opened -> {
                transaction = opened.transaction();
                parameters = mail.parameters();
                yield SENDER_OK;
            }
        };
    }

    private Reply rcpt(Command.Rcpt rcpt) {
        MailTransaction open = transaction;
        if (open == null) {
            return hello == null ? HELLO_FIRST : MAIL_FIRST;
        }
        if (recipients >= limits.recipients()) {
            return MANY_RECIPIENTS;
        }
        Reply reply = open.recipient(rcpt.forwardPath());
        if (reply.positive()) {
            recipients++;
        }
        return reply;
    }

    private Reply data() throws IOException, InterruptedException {
        MailTransaction open = transaction;
        if (open == null) {
            return hello == null ? HELLO_FIRST : MAIL_FIRST;
        }
        if (recipients == 0) {
            return NO_RECIPIENT;
        }
        out.add(GO_AHEAD);
        out.flush();
        try (ContentBuffer buffer = new ContentBuffer(
                limits.inMemory(), Math.min(parameters.size(), limits.inMemory()), server.incoming())) {
            MailDataReader reader = new MailDataReader(buffer, limits.messageSize());
            readContent(reader);
            reset();
            MailDataReader.Fault fault = reader.fault();
            if (fault != null) {
                return refusal(fault);
            }
            return switch (open.content(buffer.finish())) {
                case ContentOutcome.Stored stored ->
                    Reply.of(250, "2.0.0", "stored as " + stored.receipt().id());
                case ContentOutcome.Refused refused -> refused.reply();
            };
        }
    }

    private void readContent(MailDataReader reader) throws IOException {
        connection.readTimeout(limits.data());
        in.enlarge();
        while (true) {
            in.consume(reader.take(in.array(), in.from(), in.to()));
            if (reader.ended()) {
                return;
            }
            if (reader.read() > 2 * limits.messageSize()) {
                out.add(TOO_LARGE);
                out.flush();
                throw new IOException("far more content than allowed");
            }
            in.nextBlock();
        }
    }

    private static Reply refusal(MailDataReader.Fault fault) {
        return switch (fault) {
            case BARE_CR -> Reply.of(554, "5.6.0", "the content has a bare CR; lines end with CR LF");
            case BARE_LF -> Reply.of(554, "5.6.0", "the content has a bare LF; lines end with CR LF");
            case NUL -> Reply.of(554, "5.6.0", "the content has a NUL octet");
            case TOO_LARGE -> TOO_LARGE;
            case STORAGE -> Reply.of(451, "4.3.1", "cannot store mail now, try again later");
        };
    }

    /** From here on the server may end the session when it stops. @return false when it stops already */
    private synchronized boolean rest() {
        idle = transaction == null;
        return !server.draining() || transaction != null;
    }

    /** @return false when the server has ended the session meanwhile */
    private synchronized boolean awake() {
        boolean ours = idle || transaction != null;
        idle = false;
        return ours;
    }

    /** Ends the session if it waits for a command; one in a mail transaction ends itself after it. */
    synchronized void drain() {
        if (idle) {
            idle = false;
            last(STOPPING);
            connection.close();
        }
    }

    void abort() {
        connection.close();
    }
}
