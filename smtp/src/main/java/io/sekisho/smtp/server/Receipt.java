package io.sekisho.smtp.server;

/**
 * Proof that a message is stored so that nothing short of losing the disk loses it. The only source of a 250 after data.
 * Made by the spool alone, after the sync; a test holds that no other class of the product implements it.
 */
public interface Receipt {
    /** The id under which the message is known from now on, in console, log and header fields. */
    String id();
}
