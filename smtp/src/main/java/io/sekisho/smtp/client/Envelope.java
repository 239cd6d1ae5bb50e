package io.sekisho.smtp.client;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import java.util.List;

/**
 * From whom to whom (RFC 5321 section 2.3.1).
 *
 * @param reversePath the sender
 * @param recipients the forward-paths, at least one
 */
public record Envelope(ReversePath reversePath, List<Mailbox> recipients) {
    /** Copies the list. @throws IllegalArgumentException when there is no recipient */
    public Envelope {
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope has at least one recipient");
        }
        recipients = List.copyOf(recipients);
    }
}
