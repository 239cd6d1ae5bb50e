package io.sekisho.gateway.policy;

import io.sekisho.mail.address.Mailbox;

/** Who exists in a domain. */
@FunctionalInterface
public interface Recipients {
    /** Whether the mailbox is a recipient. May wait for the database when the domain is asked about for the first time. */
    Presence find(Mailbox mailbox);

    /** The answer. */
    enum Presence {
        /** It is a recipient. */
        THERE,
        /** It is none. */
        NOT_THERE,
        /** The list cannot be read now. */
        NOT_KNOWN_NOW
    }
}
