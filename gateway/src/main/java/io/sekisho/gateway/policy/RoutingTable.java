package io.sekisho.gateway.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which domains are routed, and whose they are. Immutable; a change is a new table. */
public final class RoutingTable {
    private final Map<String, DomainRoute> byDomain;
    private final Map<String, Set<UUID>> inSetUp;
    private final boolean complete;

    /** A table of these domains and no others. @throws IllegalArgumentException when one stands there twice */
    public RoutingTable(Collection<DomainRoute> routes) {
        this(index(routes), Map.of());
    }

    /**
     * A table.
     *
     * @param byDomain the routed domains by name; a domain alias has the entry of the domain it stands for
     * @param inSetUp domains that tenants claim and nobody has proven yet, with who claims them
     */
    public RoutingTable(Map<String, DomainRoute> byDomain, Map<String, Set<UUID>> inSetUp) {
        this(byDomain, inSetUp, true);
    }

    private RoutingTable(Map<String, DomainRoute> byDomain, Map<String, Set<UUID>> inSetUp, boolean complete) {
        this.complete = complete;
        this.byDomain = Map.copyOf(byDomain);
        this.inSetUp = Map.copyOf(inSetUp);
    }

    private static Map<String, DomainRoute> index(Collection<DomainRoute> routes) {
        Map<String, DomainRoute> byDomain = HashMap.newHashMap(routes.size());
        for (DomainRoute route : routes) {
            if (byDomain.put(route.domain().ascii(), route) != null) {
                throw new IllegalArgumentException("domain twice: " + route.domain());
            }
        }
        return byDomain;
    }

    /** This table and another; where both have a domain, this one's entry holds. */
    RoutingTable over(RoutingTable other) {
        Map<String, DomainRoute> both = new HashMap<>(other.byDomain);
        both.putAll(byDomain);
        return new RoutingTable(both, other.inSetUp);
    }

    /** This table, to which others may have to be added that are not read yet. */
    RoutingTable incomplete() {
        return new RoutingTable(byDomain, inSetUp, false);
    }

    /** Whether a domain that is not found here is not ours. */
    public boolean complete() {
        return complete;
    }

    /** The route of a domain, null when we do not route it. @param domain as in {@link io.sekisho.mail.address.Mailbox#asciiDomain()} */
    public @Nullable DomainRoute find(String domain) {
        return byDomain.get(domain);
    }

    /** Whether somebody sets the domain up, and it is not routed yet. */
    public boolean inSetUp(String domain) {
        return inSetUp.containsKey(domain) && !byDomain.containsKey(domain);
    }

    /** Who sets the domain up; nobody when it is routed. */
    public Set<UUID> claimants(String domain) {
        return byDomain.containsKey(domain) ? Set.of() : inSetUp.getOrDefault(domain, Set.of());
    }

    /** The number of routed domains. */
    public int size() {
        return byDomain.size();
    }
}
