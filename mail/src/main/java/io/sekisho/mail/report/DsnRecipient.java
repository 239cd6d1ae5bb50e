package io.sekisho.mail.report;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message for one recipient (RFC 3464 section 2.3).
 *
 * @param original the recipient as the sender named it, or null when that was not said
 * @param recipient the recipient that was tried last
 * @param action what became of it
 * @param status why
 * @param remoteMta the server that answered, a domain name or an address in brackets; null when none did
 * @param diagnostic its reply, code and text; null when there is none
 * @param lastAttempt when it was tried last, or null
 * @param retryUntil until when it is tried further; null unless delayed
 */
public record DsnRecipient(
        @Nullable OriginalRecipient original,
        Mailbox recipient,
        DsnAction action,
        EnhancedStatus status,
        @Nullable String remoteMta,
        @Nullable String diagnostic,
        @Nullable Instant lastAttempt,
        @Nullable Instant retryUntil) {
    /** Checks that action and status agree. @throws IllegalArgumentException when not, or when what is not delayed is tried further */
    public DsnRecipient {
        if (!action.agreesWith(status.category())) {
            throw new IllegalArgumentException("the action " + action.word() + " does not go with " + status);
        }
        if (retryUntil != null && action != DsnAction.DELAYED) {
            throw new IllegalArgumentException("only what is delayed is tried further");
        }
    }

    /** The address that the sender knows: the original one if it was said. */
    String knownAs() {
        return original == null ? recipient.toString() : original.address();
    }
}
