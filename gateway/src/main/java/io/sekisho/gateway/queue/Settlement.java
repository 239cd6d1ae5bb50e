package io.sekisho.gateway.queue;

import java.util.List;
import java.util.UUID;

/**
 * The outcomes of one attempt that the database has yet to learn.
 *
 * @param position of the journal mark that keeps them, or {@link #UNMARKED}
 * @param items one for each recipient
 */
public record Settlement(long position, List<Item> items) {
    /** The journal had no room for the mark: the outcomes are in memory alone. */
    public static final long UNMARKED = -1;

    /**
     * One recipient.
     *
     * @param message its message
     * @param recipient its number
     * @param lease the token of the attempt; an outcome whose lease is no longer in force changes nothing
     * @param attempts made so far, this one included
     * @param outcome what came out
     */
    public record Item(UUID message, int recipient, UUID lease, int attempts, DeliveryOutcome outcome) {}
}
