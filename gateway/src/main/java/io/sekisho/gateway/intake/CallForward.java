package io.sekisho.gateway.intake;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.mail.address.Mailbox;

/** Asks a customer's mail server whether it knows a recipient. May wait for the network. */
@FunctionalInterface
public interface CallForward {
    /** Asks one of the domain's servers, as RCPT from the null sender does. */
    Answer ask(DomainRoute domain, Mailbox mailbox);

    /** What the server says. */
    enum Answer {
        /** It takes the recipient. */
        KNOWN,
        /** It refuses the recipient for good. */
        UNKNOWN,
        /** It cannot be asked, or cannot say, now. */
        NO_ANSWER
    }
}
