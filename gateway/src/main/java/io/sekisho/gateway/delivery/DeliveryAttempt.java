package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.queue.Settlement;
import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.gateway.tracking.Reason;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.OmittingContent;
import io.sekisho.mail.message.PrecededContent;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.Envelope;
import io.sekisho.smtp.client.MailSender;
import io.sekisho.smtp.client.Transmission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** One attempt: a message to a next hop, and what came of it for each recipient. */
final class DeliveryAttempt {
    /**
     * What came of it.
     *
     * @param items an outcome for each recipient
     * @param reached whether the next hop answered at all
     * @param detail why not, when it did not
     */
    record Result(List<Settlement.Item> items, boolean reached, String detail) {}

    private final MailSender sender;
    private final RetrySchedule schedule;
    private final TraceField trace;
    private final MailLog log;
    private final InstantSource clock;

    DeliveryAttempt(MailSender sender, RetrySchedule schedule, TraceField trace, MailLog log, InstantSource clock) {
        this.sender = sender;
        this.schedule = schedule;
        this.trace = trace;
        this.log = log;
        this.clock = clock;
    }

    Result run(Work work) {
        Claimed claimed = work.claimed();
        Instant began = clock.instant();
        if (!began.isBefore(claimed.expires())) {
            return all(
                    claimed, i -> new DeliveryOutcome.Held(began, Reason.EXPIRED, "not delivered within its lifetime"));
        }
        MailFacts facts = claimed.facts();
        Envelope envelope = new Envelope(
                facts.reversePath(),
                claimed.recipients().stream().map(Recipient::mailbox).toList(),
                facts.smtpUtf8(),
                facts.dsn(),
                claimed.recipients().stream().map(Recipient::parameters).toList());
        Content kept =
                facts.omitted().isEmpty() ? work.content() : new OmittingContent(work.content(), facts.omitted());
        Transmission transmission =
                sender.send(claimed.lane().hop(), envelope, new PrecededContent(trace.of(facts), kept));
        Instant now = clock.instant();
        return switch (transmission) {
            case Transmission.Replied replied ->
                all(claimed, i -> outcome(claimed, i, replied.replies().get(i), replied.server(), now));
            case Transmission.Lost lost -> all(claimed, i -> deferred(claimed, i, lost.detail(), now));
            case Transmission.Unreachable unreachable ->
                new Result(items(claimed, i -> new DeliveryOutcome.Returned(now)), false, unreachable.detail());
        };
    }

    private DeliveryOutcome outcome(Claimed claimed, int i, RemoteReply reply, String server, Instant now) {
        if (reply.positive()) {
            return new DeliveryOutcome.Delivered(now, reply.toString(), server);
        }
        if (reply.permanent()) {
            return new DeliveryOutcome.Held(now, Reason.ROUTE_REFUSED, reply.toString());
        }
        return deferred(claimed, i, reply.toString(), now);
    }

    private DeliveryOutcome deferred(Claimed claimed, int i, String detail, Instant now) {
        Instant next = schedule.next(claimed.attempts().get(i) + 1, now);
        return next.isBefore(claimed.expires())
                ? new DeliveryOutcome.Deferred(now, detail, next)
                : new DeliveryOutcome.Held(now, Reason.EXPIRED, detail);
    }

    /** What is said when the attempt itself broke: put off, like a lost connection. */
    static Result stumbled(Claimed claimed, Instant now, RuntimeException e) {
        Instant next = RetrySchedule.INBOUND.next(1, now);
        String detail = "the attempt failed inside: " + e;
        return new Result(items(claimed, i -> new DeliveryOutcome.Deferred(now, detail, next)), true, detail);
    }

    /** Makes an outcome for the recipient with this index. */
    interface PerRecipient {
        DeliveryOutcome of(int index);
    }

    private Result all(Claimed claimed, PerRecipient outcomes) {
        List<Settlement.Item> items = items(claimed, outcomes);
        for (int i = 0; i < items.size(); i++) {
            record(claimed, claimed.recipients().get(i), items.get(i).outcome());
        }
        return new Result(items, true, "");
    }

    static List<Settlement.Item> items(Claimed claimed, PerRecipient outcomes) {
        List<Settlement.Item> items = new ArrayList<>(claimed.recipients().size());
        for (int i = 0; i < claimed.recipients().size(); i++) {
            DeliveryOutcome outcome = outcomes.of(i);
            int before = claimed.attempts().get(i);
            items.add(new Settlement.Item(
                    claimed.facts().id(),
                    claimed.recipients().get(i).number(),
                    claimed.lease(),
                    outcome instanceof DeliveryOutcome.Returned ? before : before + 1,
                    outcome));
        }
        return items;
    }

    private void record(Claimed claimed, Recipient recipient, DeliveryOutcome outcome) {
        switch (outcome) {
            case DeliveryOutcome.Delivered d ->
                log.record(new MailEvent.Delivered(
                        d.at(),
                        claimed.facts().id(),
                        recipient.mailbox(),
                        d.server(),
                        d.reply(),
                        Duration.between(claimed.facts().receivedAt(), d.at())));
            case DeliveryOutcome.Deferred d ->
                log.record(new MailEvent.Deferred(
                        d.at(),
                        claimed.facts().id(),
                        recipient.mailbox(),
                        claimed.lane().hop().toString(),
                        d.detail(),
                        d.next()));
            case DeliveryOutcome.Held h ->
                log.record(
                        new MailEvent.Held(h.at(), claimed.facts().id(), recipient.mailbox(), h.reason(), h.detail()));
            case DeliveryOutcome.Returned r -> {}
        }
    }
}
