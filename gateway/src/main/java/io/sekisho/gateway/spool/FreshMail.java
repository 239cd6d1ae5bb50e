package io.sekisho.gateway.spool;

/** Takes messages for delivery straight from the journal. */
public interface FreshMail {
    /** Recipients of the message wait for a first attempt; those under way or done are left alone. Returns quickly. */
    void offer(JournalledMessage message);

    /** The message is in the database: what still waits of it is claimed from there. */
    void withdraw(JournalledMessage message);

    /** Whether mail of one of the message's lanes went out lately, so that waiting in the journal is worth while. */
    boolean moving(JournalledMessage message);
}
