package io.sekisho.smtp.client;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.RemoteReply;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Asks a server whether it would take a recipient, in a mail transaction that is given up before the content (call-forward). */
public final class RecipientProbe {
    private final String helo;
    private final Connector connector;
    private final ClientLimits limits;
    private final LongSupplier nanos;

    /** A probe that talks as {@link SmtpClient} of the same arguments does. */
    public RecipientProbe(String helo, Connector connector, ClientLimits limits, LongSupplier nanos) {
        this.helo = helo;
        this.connector = connector;
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * Asks, from the null sender (RFC 5321 section 6.1 has servers take mail from it). A recipient beyond ASCII is asked about
     * with SMTPUTF8; without it, 553 5.6.7 is what we answer ourselves.
     *
     * @return the reply to RCPT, or to what came before it and was refused
     * @throws IOException when the server cannot be talked to, in words
     */
    public RemoteReply ask(NextHop hop, Mailbox recipient) throws IOException {
        long end = nanos.getAsLong()
                + limits.waits().connect().toNanos()
                + limits.waits().hello().toNanos();
        Connection connection = connector.connect(hop, limits.waits().connect());
        ClientSession session = new ClientSession(connection, limits, nanos, end);
        boolean polite = false;
        try {
            session.open(helo);
            RemoteReply reply = ask(session, session.capabilities().smtpUtf8() ? recipient : recipient.inAscii());
            polite = true;
            return reply;
        } catch (IOException e) {
            throw new IOException(session.failure(e), e);
        } finally {
            if (polite) {
                session.quit();
            } else {
                session.close();
            }
        }
    }

    private RemoteReply ask(ClientSession session, @Nullable Mailbox recipient) throws IOException {
        if (recipient == null) {
            return SaidEnvelope.local(
                    553, 6, 7, "the recipient's address needs SMTPUTF8, which the server does not offer");
        }
        String utf8 = recipient.international() ? " SMTPUTF8" : "";
        RemoteReply reply = command(session, "MAIL FROM:<>" + utf8, "waiting for the reply to MAIL");
        return reply.positive()
                ? command(session, "RCPT TO:<" + recipient + ">", "waiting for the reply to RCPT")
                : reply;
    }

    private RemoteReply command(ClientSession session, String command, String waiting) throws IOException {
        session.appendText(command);
        session.endLine();
        session.flush("sending a command");
        return session.reply(waiting, limits.waits().hello());
    }
}
