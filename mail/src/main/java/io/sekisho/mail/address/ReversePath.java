package io.sekisho.mail.address;

/** Where notices about a message go: nowhere, or to a mailbox (RFC 5321 section 4.1.1.2). */
public sealed interface ReversePath {
    /** The null reverse-path, {@code <>}: a notice that must not be answered. */
    record Null() implements ReversePath {
        @Override
        public String toString() {
            return "";
        }
    }

    /** A mailbox. @param mailbox who is told */
    record Of(Mailbox mailbox) implements ReversePath {
        @Override
        public String toString() {
            return mailbox.toString();
        }
    }
}
