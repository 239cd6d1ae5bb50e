package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps MTA-STS policies. To keep them over a restart makes an attack on the first delivery harder (RFC 8461 section 10). */
public interface PolicyCache {
    /** The policy of a domain, run out or not; null when none is kept. */
    @Nullable
    Kept get(DomainName domain);

    /** Keeps a policy instead of the one before. */
    void put(DomainName domain, Kept kept);

    /**
     * A policy that is kept.
     *
     * @param id as the DNS announced it
     * @param policy what was fetched
     * @param fetchedAt when it was fetched; it holds from then for its max_age
     */
    record Kept(String id, StsPolicy policy, Instant fetchedAt) {
        /** Whether it still holds. */
        boolean holdsAt(Instant now) {
            return now.isBefore(fetchedAt.plus(policy.maxAge()));
        }
    }
}
