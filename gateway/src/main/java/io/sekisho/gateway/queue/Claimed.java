package io.sekisho.gateway.queue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Recipients of one message and one lane, leased to this node for an attempt.
 *
 * @param facts the message
 * @param lease token to settle with
 * @param lane where to
 * @param recipients who
 * @param attempts made before, in the order of the recipients
 * @param expires when the lifetime of the message ends
 */
public record Claimed(
        MailFacts facts,
        UUID lease,
        LaneKey lane,
        List<Recipient> recipients,
        List<Integer> attempts,
        Instant expires) {}
