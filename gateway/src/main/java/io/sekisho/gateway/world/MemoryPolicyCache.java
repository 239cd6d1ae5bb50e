package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import org.jspecify.annotations.Nullable;

/** Keeps policies in memory, the most recently used ones. */
public final class MemoryPolicyCache implements PolicyCache {
    private final RecentlyUsed<DomainName, Kept> policies;

    /** An empty cache. @param policies how many it keeps */
    public MemoryPolicyCache(int policies) {
        this.policies = new RecentlyUsed<>(policies);
    }

    @Override
    public @Nullable Kept get(DomainName domain) {
        return policies.get(domain);
    }

    @Override
    public void put(DomainName domain, Kept kept) {
        policies.put(domain, kept);
    }
}
