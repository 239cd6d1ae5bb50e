package io.sekisho.gateway.intake;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.spool.Spool;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.FileContent;
import io.sekisho.platform.journal.JournalUnavailableException;
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
    private static final Reply NOT_ROUTED = Reply.of(550, "5.7.1", "relaying denied: this domain is not served here");
    private static final Reply UNKNOWN = Reply.of(550, "5.1.1", "no such mailbox");
    private static final Reply OTHER_TENANT =
            Reply.of(452, "4.5.3", "send this recipient in a mail transaction of its own");
    private static final Reply NO_ROOM = Reply.of(451, "4.3.1", "cannot store mail now, try again later");

    private final Hello hello;
    private final ReversePath reversePath;
    private final RoutingTable routing;
    private final Spool spool;
    private final MessageIds ids;
    private final InstantSource clock;
    private final BiConsumer<String, Reply> refused;
    private final List<Recipient> recipients = new ArrayList<>(1);
    private final Set<String> seen = new HashSet<>(2);
    private @Nullable UUID tenant;

    InboundTransaction(
            Hello hello,
            ReversePath reversePath,
            RoutingTable routing,
            Spool spool,
            MessageIds ids,
            InstantSource clock,
            BiConsumer<String, Reply> refused) {
        this.hello = hello;
        this.reversePath = reversePath;
        this.routing = routing;
        this.spool = spool;
        this.ids = ids;
        this.clock = clock;
        this.refused = refused;
    }

    @Override
    public Reply recipient(Mailbox forwardPath) {
        DomainRoute route = routing.find(forwardPath.domain());
        if (route == null) {
            return refuse(forwardPath, NOT_ROUTED);
        }
        UUID pinned = tenant;
        if (pinned != null && !pinned.equals(route.tenant())) {
            return refuse(forwardPath, OTHER_TENANT);
        }
        if (!route.recipients().contains(forwardPath)) {
            return refuse(forwardPath, UNKNOWN);
        }
        tenant = route.tenant();
        if (seen.add(forwardPath.key())) {
            recipients.add(new Recipient(recipients.size(), forwardPath, new LaneKey(route.tenant(), route.hop())));
        }
        return RECIPIENT_OK;
    }

    @Override
    public ContentOutcome content(Content content) {
        UUID owner = tenant;
        if (owner == null) {
            throw new IllegalStateException("content without a recipient");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        TlsSession protection = hello.tls();
        MailFacts facts = new MailFacts(
                ids.next(now),
                now,
                owner,
                hello.peer().address(),
                hello.helo(),
                hello.extended(),
                protection == null ? "" : protection.toString(),
                reversePath,
                content.size(),
                content.eightBit());
        try {
            return new ContentOutcome.Stored(spool.accept(facts, recipients, content));
        } catch (JournalUnavailableException | IOException e) {
            LOG.log(System.Logger.Level.WARNING, "mail put off with 451: {0}", e.getMessage());
            refuse(recipients.getFirst().mailbox(), NO_ROOM);
            return new ContentOutcome.Refused(NO_ROOM);
        } finally {
            drop(content);
        }
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
