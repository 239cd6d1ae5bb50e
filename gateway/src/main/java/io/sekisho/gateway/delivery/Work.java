package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.mail.message.Content;

/**
 * One attempt to be made.
 *
 * @param claimed what and for whom
 * @param content the original's octets
 * @param fresh whether it comes straight from the journal
 */
record Work(Claimed claimed, Content content, boolean fresh) {}
