package io.sekisho.smtp.server;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.Reply;

/** A command line, understood (RFC 5321 section 4.1). */
sealed interface Command {
    /** EHLO or HELO. @param extended true for EHLO, @param argument what the client calls itself */
    record Greet(boolean extended, String argument) implements Command {}

    /** MAIL. */
    record Mail(ReversePath reversePath, MailParameters parameters) implements Command {}

    /** RCPT. */
    record Rcpt(Mailbox forwardPath) implements Command {}

    /** DATA. */
    record Data() implements Command {}

    /** RSET. */
    record Rset() implements Command {}

    /** NOOP. */
    record Noop() implements Command {}

    /** VRFY. */
    record Vrfy() implements Command {}

    /** HELP. */
    record Help() implements Command {}

    /** QUIT. */
    record Quit() implements Command {}

    /** Not a command that can be carried out. @param reply what is wrong with it */
    record Wrong(Reply reply) implements Command {}

    /** Another protocol altogether: the session ends. */
    record OtherProtocol() implements Command {}
}
