package io.sekisho.gateway.policy;

import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.client.NextHop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads the settings of tenants on the gateway's login. */
final class SettingsStore {
    private static final int FETCH = 5000;

    private final DataSource gateway;

    SettingsStore(DataSource gateway) {
        this.gateway = gateway;
    }

    /** A change of settings. @param domain whose recipients have changed; null when the tenant, its domains or its routes have */
    record Change(long seq, UUID tenant, @Nullable String domain) {}

    /** What a tenant has set up. */
    record TenantSettings(PolicySnapshot policy, List<Domain> domains) {}

    /** One of its domains. */
    record Domain(
            DomainName name,
            boolean routed,
            RecipientMode mode,
            @Nullable Instant learnedUntil,
            @Nullable String aliasOf,
            List<Route> routes) {}

    /** The number of the last change and of the oldest one kept; zeros when there is none. */
    record Range(long oldest, long latest) {}

    Range range() throws SQLException {
        try (Connection c = gateway.getConnection();
                PreparedStatement s =
                        c.prepareStatement("select coalesce(min(seq), 0), coalesce(max(seq), 0) from settings_change");
                ResultSet r = s.executeQuery()) {
            r.next();
            return new Range(r.getLong(1), r.getLong(2));
        }
    }

    List<Change> since(long seq, int limit) throws SQLException {
        try (Connection c = gateway.getConnection();
                PreparedStatement s = c.prepareStatement(
                        "select seq, tenant_id, domain from settings_change where seq > ? order by seq limit ?")) {
            s.setLong(1, seq);
            s.setInt(2, limit);
            List<Change> changes = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    changes.add(new Change(r.getLong(1), r.getObject(2, UUID.class), r.getString(3)));
                }
            }
            return changes;
        }
    }

    /** Forgets changes that every gateway has seen long ago. The last one stays: its number must not come again. */
    void forget(Duration age) throws SQLException {
        try (Connection c = gateway.getConnection();
                PreparedStatement s = c.prepareStatement("delete from settings_change"
                        + " where changed_at < now() - make_interval(secs => ?)"
                        + " and seq < (select max(seq) from settings_change)")) {
            s.setDouble(1, (double) age.toSeconds());
            s.executeUpdate();
        }
    }

    /** The settings of these tenants, or of all. @param tenants null for all */
    Map<UUID, TenantSettings> read(@Nullable Collection<UUID> tenants) throws SQLException {
        try (Connection c = gateway.getConnection()) {
            // one state of all three tables
            c.setAutoCommit(false);
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setReadOnly(true);
            try {
                Map<DomainKey, List<Route>> routes = routes(c, tenants);
                Map<UUID, List<Domain>> domains = domains(c, tenants, routes);
                return tenants(c, tenants, domains);
            } finally {
                c.rollback();
                c.setReadOnly(false);
                c.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
        }
    }

    private static PreparedStatement prepare(
            Connection c, String select, String column, @Nullable Collection<UUID> tenants) throws SQLException {
        if (tenants == null) {
            return c.prepareStatement(select);
        }
        PreparedStatement s = c.prepareStatement(select + " where " + column + " = any(?)");
        s.setArray(1, c.createArrayOf("uuid", tenants.toArray()));
        return s;
    }

    private static Map<DomainKey, List<Route>> routes(Connection c, @Nullable Collection<UUID> tenants)
            throws SQLException {
        Map<DomainKey, List<Route>> routes = new HashMap<>();
        try (PreparedStatement s = prepare(
                        c, "select tenant_id, domain, host, port, preference from route", "tenant_id", tenants);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                routes.computeIfAbsent(
                                new DomainKey(r.getObject(1, UUID.class), r.getString(2)), k -> new ArrayList<>(1))
                        .add(new Route(r.getInt(5), new NextHop(r.getString(3), r.getInt(4))));
            }
        }
        return routes;
    }

    private static Map<UUID, List<Domain>> domains(
            Connection c, @Nullable Collection<UUID> tenants, Map<DomainKey, List<Route>> routes) throws SQLException {
        Map<UUID, List<Domain>> domains = new HashMap<>();
        try (PreparedStatement s = prepare(
                        c,
                        "select tenant_id, name, state, recipients, learned_until, alias_of from domain",
                        "tenant_id",
                        tenants);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                UUID tenant = r.getObject(1, UUID.class);
                String name = r.getString(2);
                OffsetDateTime until = r.getObject(5, OffsetDateTime.class);
                domains.computeIfAbsent(tenant, k -> new ArrayList<>(1))
                        .add(new Domain(
                                new DomainName(name),
                                !r.getString(3).equals("claimed"),
                                RecipientMode.valueOf(r.getString(4).toUpperCase(Locale.ROOT)),
                                until == null ? null : until.toInstant(),
                                r.getString(6),
                                routes.getOrDefault(new DomainKey(tenant, name), List.of())));
            }
        }
        return domains;
    }

    private static Map<UUID, TenantSettings> tenants(
            Connection c, @Nullable Collection<UUID> tenants, Map<UUID, List<Domain>> domains) throws SQLException {
        Map<UUID, TenantSettings> found = new HashMap<>();
        try (PreparedStatement s = prepare(
                        c,
                        "select id, state, plus_addressing, messages_per_minute, messages_per_minute_per_address,"
                                + " messages_per_minute_per_recipient from tenant",
                        "id",
                        tenants);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                UUID tenant = r.getObject(1, UUID.class);
                found.put(
                        tenant,
                        new TenantSettings(
                                new PolicySnapshot(
                                        tenant,
                                        r.getString(2).equals("suspended"),
                                        r.getBoolean(3),
                                        new RateLimits(rate(r, 4), rate(r, 5), rate(r, 6))),
                                domains.getOrDefault(tenant, List.of())));
            }
        }
        return found;
    }

    private static RateLimit rate(ResultSet r, int column) throws SQLException {
        int messages = r.getInt(column);
        return r.wasNull() ? new RateLimit.None() : new RateLimit.PerMinute(messages);
    }

    /** Gives the local parts of a domain's recipients, in the form they are compared by. */
    void recipients(DomainKey domain, Consumer<String> localParts) throws SQLException {
        try (Connection c = gateway.getConnection()) {
            // rows come in parts only inside a transaction
            c.setAutoCommit(false);
            try (PreparedStatement s =
                    c.prepareStatement("select local_part from recipient where tenant_id = ? and domain = ?")) {
                s.setFetchSize(FETCH);
                s.setObject(1, domain.tenant());
                s.setString(2, domain.name());
                try (ResultSet r = s.executeQuery()) {
                    while (r.next()) {
                        localParts.accept(r.getString(1));
                    }
                }
            } finally {
                c.rollback();
            }
        }
    }

    /** Notes addresses that customers' servers took while their domains learn. */
    void learned(DomainKey domain, String localPart, String spelling, Instant at) throws SQLException {
        try (Connection c = gateway.getConnection();
                PreparedStatement s =
                        c.prepareStatement("insert into learned (tenant_id, domain, local_part, spelling, seen_at)"
                                + " values (?, ?, ?, ?, ?) on conflict do nothing")) {
            s.setObject(1, domain.tenant());
            s.setString(2, domain.name());
            s.setString(3, localPart);
            s.setString(4, spelling);
            s.setObject(5, OffsetDateTime.ofInstant(at, java.time.ZoneOffset.UTC));
            s.executeUpdate();
        }
    }
}
