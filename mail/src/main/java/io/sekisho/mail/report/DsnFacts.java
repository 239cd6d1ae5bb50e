package io.sekisho.mail.report;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.message.Content;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a notice tells.
 *
 * @param to who is told: the reverse-path of the message
 * @param recipients what became of it, for each recipient
 * @param arrival when we took the message, or null
 * @param envelopeId the ENVID parameter, decoded (RFC 3461 section 4.4); null when there was none
 * @param ret how much of the message comes back when it failed
 * @param smtpUtf8 whether the message came with SMTPUTF8, so that its sender can read a notice in that form (RFC 6531)
 * @param message the message
 */
public record DsnFacts(
        Mailbox to,
        List<DsnRecipient> recipients,
        @Nullable Instant arrival,
        @Nullable String envelopeId,
        ReturnOf ret,
        boolean smtpUtf8,
        Content message) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when there is no recipient, or the notice is for an address that only SMTPUTF8 can reach
     *     and the message came without it
     */
    public DsnFacts {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a notice tells of a recipient");
        }
        if (!smtpUtf8 && !Words.ascii(to.toString())) {
            throw new IllegalArgumentException("the sender's address needs SMTPUTF8");
        }
    }

    /** The first action in the order of {@link DsnAction}: it names the notice. */
    DsnAction leading() {
        return recipients.stream()
                .map(DsnRecipient::action)
                .min(DsnAction::compareTo)
                .orElseThrow();
    }
}
