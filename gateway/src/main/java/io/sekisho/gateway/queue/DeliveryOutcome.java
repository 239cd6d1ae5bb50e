package io.sekisho.gateway.queue;

import io.sekisho.gateway.tracking.Reason;
import java.time.Instant;

/** What an attempt came to for one recipient. */
public sealed interface DeliveryOutcome {
    /** When it came out. */
    Instant at();

    /** Whether the recipient is done with: no further attempt follows by itself. */
    default boolean ends() {
        return switch (this) {
            case Delivered d -> true;
            case Held h -> true;
            case Deferred d -> false;
            case Returned r -> false;
        };
    }

    /** The next hop took it. @param reply what it said, @param server address and port it was */
    record Delivered(Instant at, String reply, String server) implements DeliveryOutcome {}

    /** Not now. @param detail why, @param next when again */
    record Deferred(Instant at, String detail, Instant next) implements DeliveryOutcome {}

    /** Not by itself any more; an administrator decides. @param reason why, @param detail in the remote server's words */
    record Held(Instant at, Reason reason, String detail) implements DeliveryOutcome {}

    /** The next hop could not be reached: the lane backs off, and this recipient is as if it had not been tried. */
    record Returned(Instant at) implements DeliveryOutcome {}
}
