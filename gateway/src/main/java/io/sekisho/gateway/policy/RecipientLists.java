package io.sekisho.gateway.policy;

import io.sekisho.gateway.policy.Recipients.Presence;
import io.sekisho.mail.address.Mailbox;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The lists of recipients of all domains: each is read when the domain is asked about for the first time, and again when it has
 * changed, so that a harvest attack never reaches the database. While a changed list cannot be read the one before it holds.
 */
final class RecipientLists {
    private static final System.Logger LOG = System.getLogger(RecipientLists.class.getName());

    private final Map<DomainKey, CompletableFuture<Recipients>> lists = new ConcurrentHashMap<>();
    private final Map<DomainKey, Instant> unreadable = new ConcurrentHashMap<>();
    private final SettingsStore store;
    private final @Nullable SettingsCache cache;
    private final SipHash key;
    private final InstantSource clock;
    private final SettingsLimits limits;

    /** @param cache what is known until the database answers; null for nothing; @param key of all hashes */
    RecipientLists(
            SettingsStore store,
            @Nullable SettingsCache cache,
            SipHash key,
            InstantSource clock,
            SettingsLimits limits) {
        this.store = store;
        this.cache = cache;
        this.key = key;
        this.clock = clock;
        this.limits = limits;
    }

    /** The list of one domain. */
    Recipients of(DomainKey domain) {
        return mailbox -> find(domain, mailbox);
    }

    private Presence find(DomainKey domain, Mailbox mailbox) {
        CompletableFuture<Recipients> list = lists.get(domain);
        if (list == null) {
            list = firstTime(domain);
            if (list == null) {
                return Presence.NOT_KNOWN_NOW;
            }
        }
        try {
            return list.join().find(mailbox);
        } catch (CompletionException e) {
            return Presence.NOT_KNOWN_NOW;
        }
    }

    /** Reads the list, or waits with whoever reads it. @return null when it could not be read a moment ago */
    private @Nullable CompletableFuture<Recipients> firstTime(DomainKey domain) {
        Instant again = unreadable.get(domain);
        if (again != null && clock.instant().isBefore(again)) {
            return null;
        }
        CompletableFuture<Recipients> mine = new CompletableFuture<>();
        CompletableFuture<Recipients> others = lists.putIfAbsent(domain, mine);
        if (others != null) {
            return others;
        }
        try {
            Recipients kept = cache == null ? null : cache.list(domain, clock);
            mine.complete(kept == null ? read(domain) : kept);
            unreadable.remove(domain);
        } catch (SQLException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the recipients of {0} cannot be read: {1}",
                    domain.name(),
                    e.getMessage());
            unreadable.put(domain, clock.instant().plus(limits.retry()));
            lists.remove(domain, mine);
            mine.completeExceptionally(e);
        }
        return mine;
    }

    private RecipientSet read(DomainKey domain) throws SQLException {
        RecipientSet.Collector collector = new RecipientSet.Collector(key);
        store.recipients(domain, localPart -> collector.add(localPart + '@' + domain.name()));
        return collector.done();
    }

    /** The list has changed: it is read again if it is in use. */
    void changed(DomainKey domain) throws SQLException {
        if (lists.containsKey(domain)) {
            lists.put(domain, CompletableFuture.completedFuture(read(domain)));
        }
    }

    /** Every list may have changed. What the cache has is not used from now on, so that no list comes from it behind our back. */
    void allChanged() throws SQLException {
        if (cache != null) {
            cache.forget();
        }
        for (DomainKey domain : lists.keySet()) {
            changed(domain);
        }
    }

    /** The lists in use, as the database has them. */
    Map<DomainKey, RecipientSet> loaded() {
        Map<DomainKey, RecipientSet> loaded = new HashMap<>();
        lists.forEach((domain, list) -> {
            if (list.state() == Future.State.SUCCESS && list.resultNow() instanceof RecipientSet set) {
                loaded.put(domain, set);
            }
        });
        return loaded;
    }

    /** Domains that are no more are forgotten. */
    void keepOnly(Set<DomainKey> domains) {
        lists.keySet().retainAll(domains);
        unreadable.keySet().retainAll(domains);
    }
}
