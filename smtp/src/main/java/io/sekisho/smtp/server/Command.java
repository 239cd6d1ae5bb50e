package io.sekisho.smtp.server;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
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
     * @param parameters SIZE and BODY
     */
    record Mail(ReversePath reversePath, MailParameters parameters) implements Command {}

    /** RCPT. @param forwardPath the recipient */
    record Rcpt(Mailbox forwardPath) implements Command {}

    /** DATA. */
    record Data() implements Command {}

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

    /** Another protocol, such as HTTP: the session ends. */
    record Foreign() implements Command {}
}
