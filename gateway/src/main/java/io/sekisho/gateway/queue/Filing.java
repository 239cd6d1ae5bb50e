package io.sekisho.gateway.queue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is to be written to the database.
 *
 * @param facts the message
 * @param inBlob whether its octets are in the blob store: always when a recipient is open or held
 * @param rows one for each recipient
 * @param expires when its lifetime ends
 */
public record Filing(MailFacts facts, boolean inBlob, List<Row> rows, Instant expires) {
    /** Whether a recipient is not ended, so that the body must be kept. */
    public boolean keepsBody() {
        return rows.stream().anyMatch(row -> !(row.outcome() instanceof DeliveryOutcome.Delivered));
    }

    /**
     * One recipient.
     *
     * @param recipient who
     * @param attempts made so far
     * @param lease token of the attempt in progress, or null
     * @param outcome of the last attempt, or null when none has come to one
     */
    public record Row(
            Recipient recipient,
            int attempts,
            @Nullable UUID lease,
            @Nullable DeliveryOutcome outcome) {
        /** Whether the recipient is still to be delivered. */
        public boolean open() {
            DeliveryOutcome o = outcome;
            return lease != null || o == null || !o.ends();
        }
    }
}
