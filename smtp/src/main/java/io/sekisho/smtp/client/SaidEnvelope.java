package io.sekisho.smtp.client;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.DsnOptions.Returned;
import io.sekisho.smtp.RemoteReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An envelope as it is said to one server, and what cannot be said to it. What a server cannot take by its own word is
 * refused here, for good and with the reason, and never sent:
 *
 * <ul>
 *   <li>content above SIZE: 552 5.3.4;
 *   <li>content with octets above 127 without 8BITMIME: 554 5.6.3. It is not re-coded: that would break signatures, and few
 *       servers are left that would need it (RFC 6152 section 3 allows either);
 *   <li>an address beyond ASCII without SMTPUTF8: 553 5.6.7, a header section: 550 5.6.9 (RFC 6531 section 4.2). A domain in
 *       U-labels alone is no reason: it is said in A-labels.
 * </ul>
 *
 * A header section beyond ASCII counts only when the message came with SMTPUTF8. Older programs send such header sections
 * unannounced; those pass as they came, for to announce what they did not mean would have them refused further on.
 */
final class SaidEnvelope {
    private static final int HEADER_BUFFER = 8 * 1024;

    private final Envelope envelope;
    private final Content content;
    private final Capabilities server;
    private final boolean utf8;
    private final List<@Nullable Mailbox> written;
    private final @Nullable String reversePath;

    SaidEnvelope(Envelope envelope, Content content, Capabilities server) {
        this.envelope = envelope;
        this.content = content;
        this.server = server;
        this.utf8 = server.smtpUtf8() && (envelope.smtpUtf8() || international(envelope));
        this.written = new ArrayList<>(envelope.recipients().size());
        for (Mailbox mailbox : envelope.recipients()) {
            written.add(writable(mailbox));
        }
        this.reversePath = switch (envelope.reversePath()) {
            case ReversePath.Null n -> "";
            case ReversePath.Of(Mailbox mailbox) -> {
                Mailbox sender = writable(mailbox);
                yield sender == null ? null : sender.toString();
            }
        };
    }

    private static boolean international(Envelope envelope) {
        return envelope.reversePath() instanceof ReversePath.Of(Mailbox sender) && sender.international()
                || envelope.recipients().stream().anyMatch(Mailbox::international);
    }

    /**
     * Why nobody can get the message; null when it can be sent.
     *
     * @throws UncheckedIOException when the content cannot be read
     */
    @Nullable
    RemoteReply refusal() {
        long size = content.size();
        if (server.refusesSize(size)) {
            return local(552, 3, 4, "the message has " + size + " octets, the server takes " + server.sizeLimit());
        }
        if (reversePath == null) {
            return local(553, 6, 7, "the sender's address needs SMTPUTF8, which the server does not offer");
        }
        if (!content.eightBit()) {
            return null;
        }
        if (envelope.smtpUtf8() && !server.smtpUtf8() && eightBitHeader(content)) {
            return local(550, 6, 9, "the header needs SMTPUTF8, which the server does not offer");
        }
        return server.eightBitMime()
                ? null
                : local(554, 6, 3, "the message needs 8BITMIME, which the server does not offer");
    }

    /** Why this recipient cannot get it; null when it can. */
    @Nullable
    RemoteReply refusal(int recipient) {
        return written.get(recipient) != null
                ? null
                : local(553, 6, 7, "the recipient's address needs SMTPUTF8, which the server does not offer");
    }

    /** A reply that no server gave. */
    static RemoteReply local(int code, int subject, int detail, String text) {
        EnhancedStatus status = new EnhancedStatus(code / 100, subject, detail);
        return new RemoteReply(code, status, status + " " + text);
    }

    /** The mailbox as it can be written into a command; null when it cannot. */
    private @Nullable Mailbox writable(Mailbox mailbox) {
        Mailbox sayable = utf8 ? mailbox : mailbox.inAscii();
        return sayable != null && clean(sayable.localPart(), ' ') && clean(sayable.domain(), '!') ? sayable : null;
    }

    /** Whether no character ends a command or a path. @param least the lowest character that may stand there */
    private static boolean clean(String part, char least) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c < least || Character.isISOControl(c) || least > ' ' && (c == '<' || c == '>')) {
                return false;
            }
        }
        return true;
    }

    /** Whether any octet before the first empty line is above 127. */
    private static boolean eightBitHeader(Content content) {
        try (InputStream in = content.open()) {
            byte[] buffer = new byte[HEADER_BUFFER];
            boolean lineEmpty = true;
            int got = in.read(buffer);
            while (got >= 0) {
                for (int i = 0; i < got; i++) {
                    byte octet = buffer[i];
                    if (octet < 0) {
                        return true;
                    }
                    if (octet == '\n' && lineEmpty) {
                        return false;
                    }
                    lineEmpty = octet == '\n' || lineEmpty && octet == '\r';
                }
                got = in.read(buffer);
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("the content of a message cannot be read", e);
        }
    }

    /** The MAIL command. */
    String mail() {
        var line = new StringBuilder("MAIL FROM:<").append(reversePath).append('>');
        if (server.size()) {
            line.append(" SIZE=").append(content.size());
        }
        if (content.eightBit()) {
            line.append(" BODY=8BITMIME");
        }
        if (utf8) {
            line.append(" SMTPUTF8");
        }
        DsnOptions dsn = envelope.dsn();
        if (server.dsn() && dsn.returned() != Returned.UNSAID) {
            line.append(" RET=").append(dsn.returned());
        }
        if (server.dsn() && !dsn.envelopeId().isEmpty()) {
            line.append(" ENVID=").append(dsn.envelopeId());
        }
        return line.toString();
    }

    /** The RCPT command of a recipient that is not refused. */
    String rcpt(int recipient) {
        String line = "RCPT TO:<" + written.get(recipient) + ">";
        return server.dsn() ? line + envelope.parameters().get(recipient).toCommand(utf8) : line;
    }
}
