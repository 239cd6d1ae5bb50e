package io.sekisho.control.notices;

import io.sekisho.gateway.tracking.Reason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Something that a tenant is told. */
sealed interface Notice {
    /** Whom. */
    UUID tenant();

    /** What it is about, among those of its kind: told no more often than its kind allows. */
    String subject();

    /**
     * Mail came for a domain that the tenant still sets up, and was put off.
     *
     * @param first when it began
     * @param recipients put off since then
     */
    record EarlyMail(UUID tenant, String domain, Instant first, long recipients) implements Notice {
        @Override
        public String subject() {
            return domain;
        }
    }

    /**
     * Mail is held because it could not be delivered.
     *
     * @param total since the last notice
     * @param some the newest of it
     */
    record HeldMail(UUID tenant, long total, List<Held> some) implements Notice {
        /** Copies the list. */
        public HeldMail {
            some = List.copyOf(some);
        }

        @Override
        public String subject() {
            return "";
        }
    }

    /** One held recipient. @param reply what the customer's server said, or what else happened */
    record Held(UUID id, String mailbox, Reason reason, String reply, Instant at) {}
}
