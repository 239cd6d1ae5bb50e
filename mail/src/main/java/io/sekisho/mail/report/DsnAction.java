package io.sekisho.mail.report;

import java.util.Locale;

/** What became of a message for one recipient (RFC 3464 section 2.3.3); the first in a notice names it. */
public enum DsnAction {
    /** It was not delivered and is not tried again. */
    FAILED,
    /** It was not delivered yet and is tried further. */
    DELAYED,
    /** It was handed on to a server that promises no notices. */
    RELAYED,
    /** It was handed on to several recipients. */
    EXPANDED,
    /** It is in the mailbox. */
    DELIVERED;

    /** The word in the Action field. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The class that a status has with this action (RFC 3464 section 2.3.4): expired mail may have failed with class 4. */
    boolean agreesWith(int category) {
        return switch (this) {
            case FAILED -> category == 4 || category == 5;
            case DELAYED -> category == 4;
            case RELAYED, EXPANDED, DELIVERED -> category == 2;
        };
    }
}
