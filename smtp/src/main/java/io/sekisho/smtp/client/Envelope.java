package io.sekisho.smtp.client;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.RecipientParameters;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * From whom to whom (RFC 5321 section 2.3.1), and what was said about it when the message came.
 *
 * @param reversePath the sender
 * @param recipients the forward-paths, at least one
 * @param smtpUtf8 whether the message came with SMTPUTF8, so that its header may need it (RFC 6531)
 * @param dsn what the sender wants of notices; said to servers that offer DSN (RFC 3461)
 * @param parameters the same about each recipient, in the order of the recipients
 */
public record Envelope(
        ReversePath reversePath,
        List<Mailbox> recipients,
        boolean smtpUtf8,
        DsnOptions dsn,
        List<RecipientParameters> parameters) {
    /** Copies the lists. @throws IllegalArgumentException when there is no recipient, or not one parameter for each */
    public Envelope {
        if (recipients.isEmpty() || recipients.size() != parameters.size()) {
            throw new IllegalArgumentException("an envelope has at least one recipient, each with its parameters");
        }
        recipients = List.copyOf(recipients);
        parameters = List.copyOf(parameters);
    }

    /** An envelope about which nothing was said. @throws IllegalArgumentException when there is no recipient */
    public Envelope(ReversePath reversePath, List<Mailbox> recipients) {
        this(
                reversePath,
                recipients,
                false,
                DsnOptions.NONE,
                Collections.nCopies(recipients.size(), RecipientParameters.NONE));
    }

    /** The same for the recipients from one index on and before another. */
    Envelope part(int from, int to) {
        return from == 0 && to == recipients.size()
                ? this
                : new Envelope(reversePath, recipients.subList(from, to), smtpUtf8, dsn, parameters.subList(from, to));
    }

    /** How many of the recipients from an index on may be named in one transaction, at least 1 (RFC 9422 section 4). */
    int together(int from, Capabilities.Limits limits) {
        int left = recipients.size() - from;
        int most = limits.recipients() == 0 ? left : Math.min(left, limits.recipients());
        if (limits.domains() == 0) {
            return most;
        }
        Set<String> domains = new HashSet<>();
        for (int i = 0; i < most; i++) {
            domains.add(recipients.get(from + i).asciiDomain());
            if (domains.size() > limits.domains()) {
                return i;
            }
        }
        return most;
    }
}
