package io.sekisho.gateway.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which domains are routed, and whose they are. Immutable; a change is a new table. */
public final class RoutingTable {
    private final Map<String, DomainRoute> byDomain;

    /** A table of these domains. @throws IllegalArgumentException when one stands there twice */
    public RoutingTable(Collection<DomainRoute> routes) {
        byDomain = HashMap.newHashMap(routes.size());
        for (DomainRoute route : routes) {
            if (byDomain.put(route.domain().ascii(), route) != null) {
                throw new IllegalArgumentException("domain twice: " + route.domain());
            }
        }
    }

    /** The route of a domain, null when we do not route it. @param domain as in {@link io.sekisho.mail.address.Mailbox#asciiDomain()} */
    public @Nullable DomainRoute find(String domain) {
        return byDomain.get(domain);
    }

    /** The number of domains. */
    public int size() {
        return byDomain.size();
    }
}
