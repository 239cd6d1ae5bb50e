package io.sekisho.gateway.policy;

import io.sekisho.gateway.policy.SettingsStore.Change;
import io.sekisho.gateway.policy.SettingsStore.Domain;
import io.sekisho.gateway.policy.SettingsStore.Range;
import io.sekisho.gateway.policy.SettingsStore.TenantSettings;
import io.sekisho.mail.address.Mailbox;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings of all tenants as the gateway uses them: read once, then kept up to date by asking for changes. One thread calls
 * {@link #step} about once a second; any number read {@link #get()}. While the database is down the last known settings hold; a
 * cache has them over a restart, written by a thread that calls {@link #save}.
 */
public final class PublishedSettings implements Supplier<RoutingTable> {
    private static final System.Logger LOG = System.getLogger(PublishedSettings.class.getName());
    private static final long NEVER = -1;

    private final SettingsStore store;
    private final RecipientLists lists;
    private final @Nullable SettingsCache cache;
    private final SipHash key;
    private final RoutingTable fixed;
    private final SettingsLimits limits;
    private final InstantSource clock;
    /** A change is a new map. */
    private Map<UUID, TenantSettings> tenants = Map.of();

    private long seen = NEVER;
    private Instant forgetAt = Instant.EPOCH;
    private volatile RoutingTable table;
    private volatile @Nullable Confirmed confirmed;
    private volatile boolean unsaved;

    /** What the database last said. */
    private record Confirmed(Instant at, Map<UUID, TenantSettings> tenants) {}

    /** Settings that are not read yet, and not kept. */
    public PublishedSettings(
            DataSource gateway,
            RoutingTable fixed,
            RandomGenerator random,
            InstantSource clock,
            SettingsLimits limits) {
        this(gateway, fixed, null, random, clock, limits);
    }

    /**
     * Settings that are not read yet, apart from those that the cache has.
     *
     * @param gateway connections of the gateway's login
     * @param fixed domains that the operator routes by a file; they come before those of tenants
     * @param cache keeps what is known for the next start; null keeps nothing
     * @param random keys the hashes of recipients when the cache has no key
     */
    public PublishedSettings(
            DataSource gateway,
            RoutingTable fixed,
            @Nullable SettingsCache cache,
            RandomGenerator random,
            InstantSource clock,
            SettingsLimits limits) {
        this.store = new SettingsStore(gateway);
        this.cache = cache;
        this.fixed = fixed;
        this.limits = limits;
        this.clock = clock;
        KnownSettings known = cache == null ? null : cache.read(clock.instant());
        this.key = known == null ? new SipHash(random.nextLong(), random.nextLong()) : known.key();
        this.lists = new RecipientLists(store, cache, key, clock, limits);
        if (known == null) {
            this.table = fixed.incomplete();
        } else {
            this.tenants = known.tenants();
            this.table = routed().incomplete();
            LOG.log(
                    System.Logger.Level.INFO,
                    "settings of {0} are in force until the database answers: {1} tenants, {2} domains",
                    known.confirmed(),
                    tenants.size(),
                    table.size());
        }
    }

    /** The table in force. */
    @Override
    public RoutingTable get() {
        return table;
    }

    /** Takes what has changed. @return the number of the last change that is in force, or a negative number before the first */
    public long step() {
        try {
            Instant asked = clock.instant();
            Range range = store.range();
            if (seen == NEVER || range.latest() < seen || range.oldest() > seen + 1) {
                readAll(range);
            } else if (range.latest() > seen) {
                follow();
            }
            if (seen >= range.latest()) {
                confirmed = new Confirmed(asked, tenants);
            }
            forget();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "settings are not read now: {0}", e.getMessage());
        }
        return seen;
    }

    private void readAll(Range range) throws SQLException {
        Map<UUID, TenantSettings> read = store.read(null);
        lists.allChanged();
        tenants = read;
        table = routed();
        seen = range.latest();
        LOG.log(System.Logger.Level.INFO, "settings read: {0} tenants, {1} domains", tenants.size(), table.size());
    }

    private void follow() throws SQLException {
        List<Change> changes = store.since(seen, limits.changes());
        Set<UUID> changed = new HashSet<>();
        Set<DomainKey> recipients = new HashSet<>();
        for (Change change : changes) {
            String domain = change.domain();
            if (domain == null) {
                changed.add(change.tenant());
            } else {
                recipients.add(new DomainKey(change.tenant(), domain));
            }
        }
        Map<UUID, TenantSettings> now = changed.isEmpty() ? Map.of() : store.read(changed);
        for (DomainKey domain : recipients) {
            lists.changed(domain);
        }
        if (!changed.isEmpty()) {
            Map<UUID, TenantSettings> next = new HashMap<>(tenants);
            next.keySet().removeAll(changed);
            next.putAll(now);
            tenants = next;
            table = routed();
        }
        seen = changes.getLast().seq();
    }

    /** The table of what is known now. */
    private RoutingTable routed() {
        Map<String, DomainRoute> byDomain = new HashMap<>();
        Map<String, Set<UUID>> inSetUp = new HashMap<>();
        Set<DomainKey> known = new HashSet<>();
        tenants.values()
                .forEach(tenant -> tenant.domains().forEach(domain -> {
                    if (domain.routed()) {
                        DomainKey key = new DomainKey(
                                tenant.policy().tenant(), domain.name().ascii());
                        known.add(key);
                        byDomain.put(domain.name().ascii(), route(tenant.policy(), domain, key));
                    } else {
                        inSetUp.computeIfAbsent(domain.name().ascii(), d -> new HashSet<>(2))
                                .add(tenant.policy().tenant());
                    }
                }));
        aliases(byDomain);
        lists.keepOnly(known);
        return fixed.over(new RoutingTable(byDomain, inSetUp));
    }

    private DomainRoute route(PolicySnapshot policy, Domain domain, DomainKey key) {
        return new DomainRoute(
                domain.name(), policy, domain.routes(), domain.mode(), domain.learnedUntil(), lists.of(key));
    }

    /** An alias has the entry of the domain it stands for, of the same tenant, when that is routed too. */
    private void aliases(Map<String, DomainRoute> byDomain) {
        for (TenantSettings tenant : tenants.values()) {
            for (Domain domain : tenant.domains()) {
                String main = domain.aliasOf();
                DomainRoute of = main == null ? null : byDomain.get(main);
                if (of != null
                        && domain.routed()
                        && of.tenant().equals(tenant.policy().tenant())) {
                    byDomain.put(domain.name().ascii(), of);
                }
            }
        }
    }

    private void forget() throws SQLException {
        Instant now = clock.instant();
        if (!now.isBefore(forgetAt)) {
            store.forget(limits.kept());
            forgetAt = now.plus(limits.kept().dividedBy(100));
        }
    }

    /** Writes what the database last said to the cache, as far as it has changed. For a thread of its own: it waits for the disk; it never throws. */
    public void save() {
        SettingsCache to = cache;
        Confirmed now = confirmed;
        if (to == null || now == null) {
            return;
        }
        try {
            to.write(now.at(), key, now.tenants(), lists.loaded());
            unsaved = false;
        } catch (IOException e) {
            LOG.log(
                    unsaved ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "the settings cannot be kept for a start without the database, and this is tried again: {0}",
                    e.toString());
            unsaved = true;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "keeping settings stumbled and goes on", e);
        }
    }

    /** A customer's server took a recipient that is not on the list of its domain, which learns. */
    public void learned(DomainRoute domain, Mailbox mailbox) {
        try {
            String key = mailbox.key();
            store.learned(
                    new DomainKey(domain.tenant(), domain.domain().ascii()),
                    key.substring(0, key.lastIndexOf('@')),
                    mailbox.localPart(),
                    clock.instant());
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "not noted, it will be asked about again: {0}", e.getMessage());
        }
    }
}
