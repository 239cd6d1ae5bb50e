package io.sekisho.smtp.client;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.SessionOpener.Opened;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.TlsPolicy;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.function.LongSupplier;

/**
 * Asks a server whether it would take a recipient, in a mail transaction that is given up before the content (call-forward). Goes
 * over to TLS as a delivery does: some servers answer nobody without it.
 */
public final class RecipientProbe {
    private final SessionOpener opener;
    private final TlsPolicy policy;
    private final ClientLimits limits;
    private final LongSupplier nanos;

    /**
     * A probe that talks as {@link SmtpClient} of the same arguments does.
     *
     * @param policy how much TLS a question needs
     */
    public RecipientProbe(
            String helo,
            Connector connector,
            ClientLimits limits,
            ClientTls tls,
            TlsPolicy policy,
            LongSupplier nanos) {
        this.opener = new SessionOpener(helo, connector, limits, tls, nanos);
        this.policy = policy;
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * Asks, from the null sender (RFC 5321 section 6.1 has servers take mail from it). A recipient beyond ASCII is asked about
     * with SMTPUTF8; without it, 553 5.6.7 is what we answer ourselves.
     *
     * @return the reply to RCPT: 2yz, 4yz or 5yz
     * @throws IOException when the server cannot be talked to or refuses us before it hears of the recipient, in words
     */
    public RemoteReply ask(NextHop hop, Mailbox recipient) throws IOException {
        long end = nanos.getAsLong()
                + limits.waits().connect().toNanos()
                + limits.waits().hello().toNanos();
        return switch (opener.open(hop, policy, end)) {
            case Opened.Not(Transmission.Unreachable why) -> throw new IOException(why.detail());
            case Opened.Ready(ClientSession session) -> ask(session, recipient);
        };
    }

    private RemoteReply ask(ClientSession session, Mailbox recipient) throws IOException {
        boolean polite = false;
        try {
            RemoteReply reply = question(session, recipient);
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

    private RemoteReply question(ClientSession session, Mailbox recipient) throws IOException {
        Mailbox said = session.capabilities().smtpUtf8() ? recipient : recipient.inAscii();
        if (said == null) {
            return SaidEnvelope.local(
                    553, 6, 7, "the recipient's address needs SMTPUTF8, which the server does not offer");
        }
        String utf8 = said.international() ? " SMTPUTF8" : "";
        RemoteReply mail = command(session, "MAIL FROM:<>" + utf8, "waiting for the reply to MAIL");
        if (!mail.positive()) {
            // whatever it says, it says nothing of the recipient
            throw new ProtocolException("the server does not hear us: " + mail);
        }
        return command(session, "RCPT TO:<" + said + ">", "waiting for the reply to RCPT");
    }

    private RemoteReply command(ClientSession session, String command, String waiting) throws IOException {
        session.appendText(command);
        session.endLine();
        session.flush("sending a command");
        RemoteReply reply = session.reply(waiting, limits.waits().hello());
        if (reply.code() >= 300 && reply.code() < 400) {
            throw new ProtocolException("unfitting reply: " + reply);
        }
        return reply;
    }
}
