package io.sekisho.gateway.intake;

import io.sekisho.gateway.intake.TraceScan.Trace;
import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.MessageIds;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.spool.Spool;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.FileContent;
import io.sekisho.platform.journal.JournalUnavailableException;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.Reply;
import io.sekisho.smtp.server.ContentOutcome;
import io.sekisho.smtp.server.Hello;
import io.sekisho.smtp.server.MailTransaction;
import io.sekisho.smtp.tls.TlsSession;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One mail transaction from outside. It belongs to one tenant: that of its first recipient. */
final class InboundTransaction implements MailTransaction {
    private static final System.Logger LOG = System.getLogger(InboundTransaction.class.getName());
    private static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "recipient ok");
    private static final Reply LOOP =
            Reply.of(554, "5.4.6", "the message has too many Received fields, it goes in circles");
    private static final Reply LONG_HEADER = Reply.of(554, "5.6.0", "the header section is too long");
    private static final Reply FORGED = Reply.of(554, "5.6.0", "the header has too many fields that only we may write");
    private static final Reply NO_ROOM = Reply.of(451, "4.3.1", "cannot store mail now, try again later");

    private final String hostName;
    private final IntakeLimits limits;
    private final Hello hello;
    private final ReversePath reversePath;
    private final MailParameters parameters;
    private final RoutingTable routing;
    private final RecipientRules rules;
    private final MessageRates rates;
    private final Spool spool;
    private final MessageIds ids;
    private final InstantSource clock;
    private final BiConsumer<String, Reply> refused;
    private final List<Recipient> recipients = new ArrayList<>(1);
    private final Set<String> seen = new HashSet<>(2);
    private @Nullable UUID tenant;

    InboundTransaction(
            String hostName,
            IntakeLimits limits,
            Hello hello,
            ReversePath reversePath,
            MailParameters parameters,
            RoutingTable routing,
            RecipientRules rules,
            MessageRates rates,
            Spool spool,
            MessageIds ids,
            InstantSource clock,
            BiConsumer<String, Reply> refused) {
        this.hostName = hostName;
        this.limits = limits;
        this.hello = hello;
        this.reversePath = reversePath;
        this.parameters = parameters;
        this.routing = routing;
        this.rules = rules;
        this.rates = rates;
        this.spool = spool;
        this.ids = ids;
        this.clock = clock;
        this.refused = refused;
    }

    @Override
    public Reply recipient(Mailbox forwardPath, RecipientParameters asked) {
        return switch (rules.decide(routing, tenant, forwardPath)) {
            case RecipientRules.Decision.Refused(Reply reply) -> refuse(forwardPath, reply);
            case RecipientRules.Decision.Taken(DomainRoute domain) -> take(forwardPath, domain, asked);
        };
    }

    /** A recipient that is named again counts once. */
    private Reply take(Mailbox forwardPath, DomainRoute domain, RecipientParameters asked) {
        String key = forwardPath.key();
        if (!seen.contains(key)) {
            Reply tooMany = rates.count(domain, hello.peer().address(), forwardPath);
            if (tooMany != null) {
                return refuse(forwardPath, tooMany);
            }
            tenant = domain.tenant();
            seen.add(key);
            LaneKey lane = new LaneKey(domain.tenant(), domain.destination());
            recipients.add(new Recipient(recipients.size(), forwardPath, lane, asked));
        }
        return RECIPIENT_OK;
    }

    @Override
    public ContentOutcome content(Content content) {
        UUID owner = tenant;
        if (owner == null) {
            throw new IllegalStateException("content without a recipient");
        }
        try {
            Trace trace = TraceScan.of(content, hostName, limits.headerOctets());
            Reply wrong = wrong(trace);
            if (wrong != null) {
                contentRefused(wrong);
                return new ContentOutcome.Refused(wrong);
            }
            return new ContentOutcome.Stored(spool.accept(facts(owner, content, trace), recipients, content));
        } catch (JournalUnavailableException | IOException e) {
            LOG.log(System.Logger.Level.WARNING, "mail put off with 451: {0}", e.getMessage());
            refuse(recipients.getFirst().mailbox(), NO_ROOM);
            return new ContentOutcome.Refused(NO_ROOM);
        } finally {
            drop(content);
        }
    }

    private @Nullable Reply wrong(Trace trace) {
        if (!trace.wholeHeader()) {
            return LONG_HEADER;
        }
        if (trace.received() > limits.receivedFields()) {
            return LOOP;
        }
        return trace.forged().size() > limits.forgedFields() ? FORGED : null;
    }

    private MailFacts facts(UUID owner, Content content, Trace trace) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        TlsSession protection = hello.tls();
        return new MailFacts(
                ids.next(now),
                now,
                owner,
                hello.peer().address(),
                hello.helo(),
                hello.extended(),
                protection == null ? "" : protection.toString(),
                reversePath,
                content.size(),
                content.eightBit(),
                parameters.smtpUtf8(),
                parameters.dsn(),
                trace.forged());
    }

    @Override
    public void contentRefused(Reply reply) {
        refuse(recipients.getFirst().mailbox(), reply);
    }

    /** The spool has moved the file away when it wanted it. */
    private static void drop(Content content) {
        if (content instanceof FileContent file) {
            try {
                Files.deleteIfExists(file.path());
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "could not delete {0}: {1}", file.path(), e.getMessage());
            }
        }
    }

    private Reply refuse(Mailbox recipient, Reply reply) {
        refused.accept(recipient.toString(), reply);
        return reply;
    }
}
