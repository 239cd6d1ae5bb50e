package io.sekisho.gateway.policy;

import io.sekisho.gateway.policy.Recipients.Presence;
import io.sekisho.mail.address.Mailbox;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lists of recipients of all domains: each is read when the domain is asked about for the first time, and again when it has
 * changed, so that a harvest attack never reaches the database. While a changed list cannot be read the one before it holds.
 */
final class RecipientLists {
    private static final System.Logger LOG = System.getLogger(RecipientLists.class.getName());

    private final Map<DomainKey, CompletableFuture<RecipientSet>> lists = new ConcurrentHashMap<>();
    private final Map<DomainKey, Instant> unreadable = new ConcurrentHashMap<>();
    private final SettingsStore store;
    private final SipHash key;
    private final InstantSource clock;
    private final SettingsLimits limits;

    /** @param key of all hashes */
    RecipientLists(SettingsStore store, SipHash key, InstantSource clock, SettingsLimits limits) {
        this.store = store;
        this.key = key;
        this.clock = clock;
        this.limits = limits;
    }

    /** The list of one domain. */
    Recipients of(DomainKey domain) {
        return mailbox -> find(domain, mailbox);
    }

    private Presence find(DomainKey domain, Mailbox mailbox) {
        CompletableFuture<RecipientSet> list = lists.get(domain);
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
    private @Nullable CompletableFuture<RecipientSet> firstTime(DomainKey domain) {
        Instant again = unreadable.get(domain);
        if (again != null && clock.instant().isBefore(again)) {
            return null;
        }
        CompletableFuture<RecipientSet> mine = new CompletableFuture<>();
        CompletableFuture<RecipientSet> others = lists.putIfAbsent(domain, mine);
        if (others != null) {
            return others;
        }
        try {
            mine.complete(read(domain));
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

    /** Every list may have changed. */
    void allChanged() throws SQLException {
        for (DomainKey domain : lists.keySet()) {
            changed(domain);
        }
    }

    /** Domains that are no more are forgotten. */
    void keepOnly(Set<DomainKey> domains) {
        lists.keySet().retainAll(domains);
        unreadable.keySet().retainAll(domains);
    }
}
