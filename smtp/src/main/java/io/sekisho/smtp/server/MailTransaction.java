package io.sekisho.smtp.server;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.message.Content;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.Reply;

/** One mail transaction (RFC 5321 section 3.3). Called by one thread; a surprise thrown from a method becomes 451 4.3.0. */
public interface MailTransaction {
    /**
     * A RCPT command. A forward-path beyond ASCII comes only when SMTPUTF8 was said in MAIL.
     *
     * @return 250 when the recipient is taken, else why not; the session counts recipients and errors itself
     */
    Reply recipient(Mailbox forwardPath, RecipientParameters parameters);

    /**
     * All of the content, after the final dot or the last chunk; called at most once, with at least one accepted recipient.
     * Every line of it ends with CR LF. The content belongs to the transaction from here on: it moves or deletes the file of
     * a {@link io.sekisho.mail.message.FileContent}.
     *
     * @throws InterruptedException when the server stops; the client is told 421 and keeps the message
     */
    ContentOutcome content(Content content) throws InterruptedException;

    /**
     * The content came, but the session refused it: too large, broken, or it could not be kept. {@link #content} is not
     * called. For the log.
     *
     * @param reply what the client is told, 4yz or 5yz
     */
    default void contentRefused(Reply reply) {}
}
