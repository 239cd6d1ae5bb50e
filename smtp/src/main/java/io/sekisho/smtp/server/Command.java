package io.sekisho.smtp.server;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.Reply;

/** A command line as it was understood (RFC 5321 section 4.1.1). */
sealed interface Command {
    /** HELO. @param argument what the client calls itself */
    record Helo(String argument) implements Command {}

    /** EHLO. @param argument what the client calls itself */
    record Ehlo(String argument) implements Command {}

    /**
     * MAIL.
     *
     * @param reversePath the sender
     * @param parameters what was said behind it
     */
    record Mail(ReversePath reversePath, MailParameters parameters) implements Command {}

    /**
     * RCPT.
     *
     * @param forwardPath the recipient
     * @param parameters what was said behind it
     */
    record Rcpt(Mailbox forwardPath, RecipientParameters parameters) implements Command {
        /** Whether it may be said only in a mail transaction with SMTPUTF8. */
        boolean international() {
            return forwardPath.international() || parameters.international();
        }
    }

    /** DATA. */
    record Data() implements Command {}

    /**
     * BDAT (RFC 3030 section 2).
     *
     * @param size octets that follow the line
     * @param last whether they end the content
     */
    record Bdat(long size, boolean last) implements Command {}

    /** RSET. */
    record Rset() implements Command {}

    /** NOOP. */
    record Noop() implements Command {}

    /** VRFY with something to verify. */
    record Vrfy() implements Command {}

    /** HELP. */
    record Help() implements Command {}

    /** STARTTLS (RFC 3207). */
    record StartTls() implements Command {}

    /** QUIT. */
    record Quit() implements Command {}

    /** Nothing that can be carried out. @param reply 5yz with the reason */
    record Malformed(Reply reply) implements Command {}

    /** BDAT that does not say how many octets follow: where the next command begins is not known. The session ends. */
    record Unframed() implements Command {}

    /** Another protocol, such as HTTP or the header of a proxy that we do not know: the session ends. */
    record Foreign() implements Command {}
}
