package io.sekisho.gateway.intake;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.gateway.policy.Recipients;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.Reply;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which recipients are taken: those of proven domains whom their customer knows. Whatever is not known for certain is put off
 * with 4yz, so that the sender keeps the mail: a domain being set up, settings or a list that cannot be read, a customer's server
 * that does not answer.
 */
final class RecipientRules {
    private static final Reply NOT_ROUTED = Reply.of(550, "5.7.1", "relaying denied: this domain is not served here");
    private static final Reply IN_SET_UP = Reply.of(451, "4.7.1", "this domain is being set up here, try again later");
    private static final Reply SUSPENDED = Reply.of(451, "4.7.1", "mail for this domain is suspended, try again later");
    private static final Reply UNKNOWN = Reply.of(550, "5.1.1", "no such mailbox");
    private static final Reply OTHER_TENANT =
            Reply.of(452, "4.5.3", "send this recipient in a mail transaction of its own");
    private static final Reply NOT_KNOWN_NOW =
            Reply.of(451, "4.3.0", "cannot tell now whether this mailbox exists, try again later");

    private final CallForward callForward;
    private final BiConsumer<DomainRoute, Mailbox> learned;
    private final BiConsumer<String, Set<UUID>> early;
    private final InstantSource clock;

    /**
     * Rules.
     *
     * @param learned is told of recipients that a customer's server took while their domain learns
     * @param early is told of domains that get mail before they are proven, and of who sets them up
     */
    RecipientRules(
            CallForward callForward,
            BiConsumer<DomainRoute, Mailbox> learned,
            BiConsumer<String, Set<UUID>> early,
            InstantSource clock) {
        this.callForward = callForward;
        this.learned = learned;
        this.early = early;
        this.clock = clock;
    }

    /** What is done with a recipient. */
    sealed interface Decision {
        /** It is taken. */
        record Taken(DomainRoute domain) implements Decision {}

        /** It is not. @param reply why */
        record Refused(Reply reply) implements Decision {}
    }

    /** Decides. @param pinned the tenant of the recipients before it; null for the first */
    Decision decide(RoutingTable table, @Nullable UUID pinned, Mailbox forwardPath) {
        Mailbox mailbox = forwardPath.withAsciiDomain();
        DomainRoute domain = table.find(mailbox.domain());
        if (domain == null) {
            return new Decision.Refused(unrouted(table, mailbox.domain()));
        }
        if (domain.policy().suspended()) {
            return new Decision.Refused(SUSPENDED);
        }
        if (pinned != null && !pinned.equals(domain.tenant())) {
            return new Decision.Refused(OTHER_TENANT);
        }
        Reply refusal = refusal(domain, mailbox);
        return refusal == null ? new Decision.Taken(domain) : new Decision.Refused(refusal);
    }

    private Reply unrouted(RoutingTable table, String domain) {
        if (table.inSetUp(domain)) {
            early.accept(domain, table.claimants(domain));
            return IN_SET_UP;
        }
        return table.complete() ? NOT_ROUTED : NOT_KNOWN_NOW;
    }

    private @Nullable Reply refusal(DomainRoute domain, Mailbox mailbox) {
        RecipientMode mode = domain.modeAt(clock.instant());
        if (mode == RecipientMode.EVERYONE) {
            return null;
        }
        Recipients.Presence presence = domain.find(mailbox);
        if (presence == Recipients.Presence.THERE) {
            return null;
        }
        return switch (mode) {
            case EVERYONE -> null;
            case LISTED -> presence == Recipients.Presence.NOT_THERE ? UNKNOWN : NOT_KNOWN_NOW;
            case ASKED -> asked(domain, mailbox, false);
            case LEARNED -> asked(domain, mailbox, true);
        };
    }

    private @Nullable Reply asked(DomainRoute domain, Mailbox mailbox, boolean learns) {
        return switch (callForward.ask(domain, mailbox)) {
            case KNOWN -> {
                if (learns) {
                    learned.accept(domain, mailbox);
                }
                yield null;
            }
            // whom the server refuses now may be added in a moment: while a domain learns nobody is turned away for
            // good
            case UNKNOWN -> learns ? NOT_KNOWN_NOW : UNKNOWN;
            case NO_ANSWER -> NOT_KNOWN_NOW;
        };
    }
}
