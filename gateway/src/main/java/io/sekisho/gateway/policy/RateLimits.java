package io.sekisho.gateway.policy;

/**
 * How much mail is taken for a tenant. What is beyond is put off with 450 4.7.1, never refused for good: an honest server
 * tries again, and the customer's servers and the other tenants are spared the flood.
 *
 * @param tenant for all its domains together
 * @param address from one client address (an IPv6 network of 64 bits counts as one) to this tenant: a storm at one tenant never
 *     puts off what the same client, perhaps a large provider, brings for others
 * @param recipient for one recipient
 */
public record RateLimits(RateLimit tenant, RateLimit address, RateLimit recipient) {
    /** No limit at all: what domains of the routes file have. */
    public static final RateLimits NONE =
            new RateLimits(new RateLimit.None(), new RateLimit.None(), new RateLimit.None());

    /**
     * What a tenant gets if nothing else is said. Nobody reads 300 messages a minute, so more than that for one recipient is a
     * bomb or a program gone wild. 6,000 from one address are 100 a second: more than a large provider brings from one of its
     * addresses to a tenant with ten thousands of recipients. 60,000 for the tenant are a message for each of 100,000 recipients
     * in less than two minutes.
     */
    public static final RateLimits DEFAULT = new RateLimits(
            new RateLimit.PerMinute(60_000), new RateLimit.PerMinute(6_000), new RateLimit.PerMinute(300));

    /** Whether nothing is limited, so that nothing needs to be counted. */
    public boolean none() {
        return tenant instanceof RateLimit.None
                && address instanceof RateLimit.None
                && recipient instanceof RateLimit.None;
    }
}
