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
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.client.Transmission;
import io.sekisho.smtp.tls.TlsOutcome;
import io.sekisho.smtp.tls.TlsPolicy;
import io.sekisho.smtp.tls.TlsSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt: a message to the servers of its destination, one after the other until one answers, and what came of it. */
final class DeliveryAttempt {
    /**
     * What came of it.
     *
     * @param items an outcome for each recipient
     * @param reached whether a server answered at all, or there was none to ask
     * @param again when the first of the servers may be asked again, when none answered
     */
    record Result(List<Settlement.Item> items, boolean reached, Instant again) {}

    /** The shortest wait of a lane whose servers are all being asked by others. */
    private static final Duration SHORTLY = Duration.ofSeconds(1);

    private final MailSender sender;
    private final NextHops hops;
    private final HopHealth health;
    private final RetrySchedule schedule;
    private final TraceField trace;
    private final MailLog log;
    private final InstantSource clock;

    DeliveryAttempt(
            MailSender sender,
            NextHops hops,
            HopHealth health,
            RetrySchedule schedule,
            TraceField trace,
            MailLog log,
            InstantSource clock) {
        this.sender = sender;
        this.hops = hops;
        this.health = health;
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
        return switch (hops.find(claimed.lane())) {
            case NextHops.Found.Hops found -> ask(work, found.inOrder());
            case NextHops.Found.Later later -> all(claimed, i -> deferred(claimed, i, later.detail(), clock.instant()));
            case NextHops.Found.Never never ->
                all(claimed, i -> new DeliveryOutcome.Held(clock.instant(), Reason.NO_MAIL_THERE, never.detail()));
        };
    }

    private Result ask(Work work, List<Way> inOrder) {
        Claimed claimed = work.claimed();
        Instant again = Instant.MAX;
        for (Way way : inOrder) {
            NextHop hop = way.hop();
            if (health.mayAsk(hop, clock.instant())) {
                Result answered = ask(work, way);
                if (answered != null) {
                    return answered;
                }
            }
            Instant until = health.until(hop);
            again = until.isBefore(again) ? until : again;
        }
        Instant now = clock.instant();
        Instant soonest = now.plus(SHORTLY);
        return new Result(
                items(claimed, i -> new DeliveryOutcome.Returned(now)),
                false,
                again.isBefore(soonest) ? soonest : again);
    }

    /** Asks one server. @return null when it cannot be reached: the next one is asked */
    private @Nullable Result ask(Work work, Way way) {
        NextHop hop = way.hop();
        Claimed claimed = work.claimed();
        Transmission transmission;
        try {
            transmission = send(work, way);
        } catch (RuntimeException e) {
            health.notAsked(hop);
            throw e;
        }
        Instant now = clock.instant();
        if (transmission instanceof Transmission.Unreachable unreachable) {
            HopHealth.Change change = health.unreachable(hop, now);
            if (change.failures() > 0) {
                log.record(new MailEvent.RouteDown(now, hop.toString(), unreachable.detail(), change.until()));
            }
            return null;
        }
        if (health.reached(hop)) {
            log.record(new MailEvent.RouteUp(now, hop.toString()));
        }
        return switch (transmission) {
            case Transmission.Replied replied ->
                all(
                        claimed,
                        i -> outcome(claimed, i, replied.replies().get(i), replied.server(), now),
                        protection(transmission.tls()));
            case Transmission.Lost lost -> all(claimed, i -> deferred(claimed, i, lost.detail(), now));
            case Transmission.Unreachable u -> throw new AssertionError(u);
        };
    }

    /** Sends. A failure of TLS that is only to be reported is followed by an attempt with what TLS there is. */
    private Transmission send(Work work, Way way) {
        Envelope envelope = envelope(work.claimed());
        Content content = rendered(work);
        Transmission sent = sender.send(way.hop(), way.tls(), envelope, content);
        way.came(sent.tls());
        boolean goesOn = way.onlyReported()
                && sent instanceof Transmission.Unreachable
                && sent.tls() instanceof TlsOutcome.Failed;
        return goesOn ? sender.send(way.hop(), new TlsPolicy.Opportunistic(), envelope, content) : sent;
    }

    private static Envelope envelope(Claimed claimed) {
        MailFacts facts = claimed.facts();
        return new Envelope(
                facts.reversePath(),
                claimed.recipients().stream().map(Recipient::mailbox).toList(),
                facts.smtpUtf8(),
                facts.dsn(),
                claimed.recipients().stream().map(Recipient::parameters).toList());
    }

    /** The content as the next hop gets it: our trace field in front, forged fields left out. */
    private Content rendered(Work work) {
        MailFacts facts = work.claimed().facts();
        Content kept =
                facts.omitted().isEmpty() ? work.content() : new OmittingContent(work.content(), facts.omitted());
        return new PrecededContent(trace.of(facts), kept);
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
        return new Result(items(claimed, i -> new DeliveryOutcome.Deferred(now, detail, next)), true, now);
    }

    /** Makes an outcome for the recipient with this index. */
    interface PerRecipient {
        DeliveryOutcome of(int index);
    }

    /** Protocol and cipher, for the log. */
    private static String protection(TlsOutcome tls) {
        return tls instanceof TlsOutcome.Protected(TlsSession session, boolean verified)
                ? session + (verified ? " verified" : "")
                : "";
    }

    private Result all(Claimed claimed, PerRecipient outcomes) {
        return all(claimed, outcomes, "");
    }

    private Result all(Claimed claimed, PerRecipient outcomes, String tls) {
        List<Settlement.Item> items = items(claimed, outcomes);
        for (int i = 0; i < items.size(); i++) {
            record(claimed, claimed.recipients().get(i), items.get(i).outcome(), tls);
        }
        return new Result(items, true, Instant.EPOCH);
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

    private void record(Claimed claimed, Recipient recipient, DeliveryOutcome outcome, String tls) {
        switch (outcome) {
            case DeliveryOutcome.Delivered d ->
                log.record(new MailEvent.Delivered(
                        d.at(),
                        claimed.facts().id(),
                        recipient.mailbox(),
                        d.server(),
                        d.reply(),
                        Duration.between(claimed.facts().receivedAt(), d.at()),
                        tls));
            case DeliveryOutcome.Deferred d ->
                log.record(new MailEvent.Deferred(
                        d.at(),
                        claimed.facts().id(),
                        recipient.mailbox(),
                        claimed.lane().to().toString(),
                        d.detail(),
                        d.next()));
            case DeliveryOutcome.Held h ->
                log.record(
                        new MailEvent.Held(h.at(), claimed.facts().id(), recipient.mailbox(), h.reason(), h.detail()));
            case DeliveryOutcome.Returned r -> {}
        }
    }
}
