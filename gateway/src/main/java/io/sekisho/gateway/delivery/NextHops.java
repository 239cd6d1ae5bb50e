package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.LaneKey;
import java.util.List;

/** Knows the servers of a destination. Asked at each attempt; may wait for the network. */
@FunctionalInterface
public interface NextHops {
    /** The servers of the lane's destination. */
    Found find(LaneKey lane);

    /** What is known. */
    sealed interface Found {
        /** These, to be asked in this order. @param inOrder at least one */
        record Hops(List<Way> inOrder) implements Found {}

        /** Not known now. @param detail why, in words for an administrator */
        record Later(String detail) implements Found {}

        /** There is none and will be none. @param detail why, with an enhanced status */
        record Never(String detail) implements Found {}
    }
}
