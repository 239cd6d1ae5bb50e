package io.sekisho.gateway.queue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.RecipientParameters;

/**
 * One recipient of a message in custody.
 *
 * @param number 0 for the first RCPT, and so on: with the message's id its name in the database
 * @param mailbox the forward-path
 * @param lane the way it takes
 * @param parameters what the client said about notices
 */
public record Recipient(int number, Mailbox mailbox, LaneKey lane, RecipientParameters parameters) {
    /** A recipient about whom nothing was said. */
    public Recipient(int number, Mailbox mailbox, LaneKey lane) {
        this(number, mailbox, lane, RecipientParameters.NONE);
    }
}
