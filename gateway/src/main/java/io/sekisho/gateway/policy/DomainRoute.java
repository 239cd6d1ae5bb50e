package io.sekisho.gateway.policy;

import io.sekisho.gateway.queue.Destination;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A proven domain: whose it is, who exists there and where its mail goes.
 *
 * @param domain the domain
 * @param policy its tenant's settings
 * @param routes the customer's mail servers, in any order
 * @param mode what is done with those who are not on the list
 * @param learnedUntil when learning ends; null in other modes
 * @param recipients the list
 */
public record DomainRoute(
        DomainName domain,
        PolicySnapshot policy,
        List<Route> routes,
        RecipientMode mode,
        @Nullable Instant learnedUntil,
        Recipients recipients) {
    private static final Recipients NOBODY = mailbox -> Recipients.Presence.NOT_THERE;

    /** Copies the list. */
    public DomainRoute {
        routes = List.copyOf(routes);
    }

    /** A domain of which every address is a recipient. */
    public static DomainRoute everyone(DomainName domain, UUID tenant, List<Route> routes) {
        return new DomainRoute(domain, PolicySnapshot.plain(tenant), routes, RecipientMode.EVERYONE, null, NOBODY);
    }

    /** A domain with a list that is complete. */
    public static DomainRoute listed(DomainName domain, UUID tenant, List<Route> routes, Recipients recipients) {
        return new DomainRoute(domain, PolicySnapshot.plain(tenant), routes, RecipientMode.LISTED, null, recipients);
    }

    /** Whose the domain is. */
    public UUID tenant() {
        return policy.tenant();
    }

    /** Where mail for the domain goes. */
    public Destination destination() {
        return new Destination.Customer(domain.ascii());
    }

    /** What is done at a moment with those who are not on the list. */
    public RecipientMode modeAt(Instant now) {
        return mode.at(now, learnedUntil);
    }

    /** Whether the mailbox is on the list, by its own name or, where the tenant has it so, by what stands before the plus sign. */
    public Recipients.Presence find(Mailbox mailbox) {
        Mailbox here =
                mailbox.domain().equals(domain.ascii()) ? mailbox : new Mailbox(mailbox.localPart(), domain.ascii());
        Recipients.Presence presence = recipients.find(here);
        int plus = here.localPart().indexOf('+');
        if (presence == Recipients.Presence.THERE || !policy.plusAddressing() || plus < 1) {
            return presence;
        }
        return recipients.find(new Mailbox(here.localPart().substring(0, plus), here.domain()));
    }
}
