package io.sekisho.control.tenancy;

import io.sekisho.gateway.policy.RateLimits;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a tenant has ordered.
 *
 * @param services which services
 * @param domains how many domains it may have, aliases included
 * @param recipients how many recipients, of all domains, aliases included
 * @param rates how much mail is taken for it
 */
public record Contract(Set<Service> services, int domains, int recipients, RateLimits rates) {
    /** What a tenant gets if nothing else is said. */
    public static final Contract DEFAULT = new Contract(EnumSet.allOf(Service.class), 100, 100_000, RateLimits.DEFAULT);

    /** Checks the numbers. @throws IllegalArgumentException when one is negative */
    public Contract {
        services = Set.copyOf(services);
        if (domains < 0 || recipients < 0) {
            throw new IllegalArgumentException("a contract has no negative numbers");
        }
    }

    @Override
    public String toString() {
        return "services="
                + String.join(",", services.stream().map(Service::word).sorted().toList()) + " domains=" + domains
                + " recipients=" + recipients
                + " messages-per-minute=" + rates.tenant()
                + " messages-per-minute-per-address=" + rates.address()
                + " messages-per-minute-per-recipient=" + rates.recipient();
    }
}
