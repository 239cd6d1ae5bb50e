package io.sekisho.gateway.queue;

import io.sekisho.mail.address.Mailbox;

/**
 * One recipient of a message in custody.
 *
 * @param number 0 for the first RCPT, and so on: with the message's id its name in the database
 * @param mailbox the forward-path
 * @param lane the way it takes
 */
public record Recipient(int number, Mailbox mailbox, LaneKey lane) {}
