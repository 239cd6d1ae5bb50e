package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.ChangeResult.Refusal;
import io.sekisho.gateway.policy.RateLimit;
import io.sekisho.gateway.policy.RateLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A tenant's own row and its contract. */
record TenantStore(JdbcClient db, UUID tenant) {
    /** What a contract is read from: columns of contract c and tenant t, the first ones of a row. */
    static final String CONTRACT = "c.services, c.domains, c.recipients, t.messages_per_minute,"
            + " t.messages_per_minute_per_address, t.messages_per_minute_per_recipient";

    private static final int TITLE = 200;

    /** Changes of one tenant come one after the other. */
    void lock() {
        boolean there = db.sql("select id from tenant where id = ? for update")
                .param(tenant)
                .query(UUID.class)
                .optional()
                .isPresent();
        if (!there) {
            throw new RefusedException(Refusal.NOT_FOUND, "there is no such tenant");
        }
    }

    Effect create(Change.Create change, OffsetDateTime now) {
        if (!change.name().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new RefusedException(
                    Refusal.INVALID,
                    "a tenant's name has 1 to 63 small letters, digits and hyphens, such as hakone: " + change.name());
        }
        title(change.title());
        db.sql("insert into tenant (id, name, title, state, plus_addressing, created_at)"
                        + " values (?, ?, ?, 'active', false, ?)")
                .params(tenant, change.name(), change.title(), now)
                .update();
        Contract contract = Contract.DEFAULT;
        write(contract);
        return Effect.of(change.name(), null, change.title() + " " + contract);
    }

    private static void title(String title) {
        if (title.isBlank() || title.length() > TITLE || title.chars().anyMatch(Character::isISOControl)) {
            throw new RefusedException(Refusal.INVALID, "a title has 1 to " + TITLE + " characters in one line");
        }
    }

    private void write(Contract contract) {
        String[] services =
                contract.services().stream().map(Service::word).sorted().toArray(String[]::new);
        db.sql(
                        "insert into contract (tenant_id, services, domains, recipients) values (:tenant, :services, :domains, :recipients)"
                                + " on conflict (tenant_id) do update set services = :services, domains = :domains, recipients = :recipients")
                .param("tenant", tenant)
                .param("services", services)
                .param("domains", contract.domains())
                .param("recipients", contract.recipients())
                .update();
        db.sql("update tenant set messages_per_minute = ?, messages_per_minute_per_address = ?,"
                        + " messages_per_minute_per_recipient = ? where id = ?")
                .param(column(contract.rates().tenant()))
                .param(column(contract.rates().address()))
                .param(column(contract.rates().recipient()))
                .param(tenant)
                .update();
    }

    private static @Nullable Integer column(RateLimit rate) {
        return switch (rate) {
            case RateLimit.None n -> null;
            case RateLimit.PerMinute(int messages) -> messages;
        };
    }

    Effect rename(Change.Rename change) {
        title(change.title());
        String before = db.sql("select title from tenant where id = ?")
                .param(tenant)
                .query(String.class)
                .single();
        db.sql("update tenant set title = ? where id = ?")
                .params(change.title(), tenant)
                .update();
        return Effect.of("title", before, change.title());
    }

    Effect suspend(Change.Suspend change) {
        String before = db.sql("select state from tenant where id = ?")
                .param(tenant)
                .query(String.class)
                .single();
        String after = change.suspended() ? "suspended" : "active";
        db.sql("update tenant set state = ? where id = ?").params(after, tenant).update();
        return Effect.of("state", before, after);
    }

    Effect order(Change.Order change) {
        Contract before = contract();
        write(change.contract());
        return Effect.of("contract", before.toString(), change.contract().toString());
    }

    Effect plusAddressing(Change.PlusAddressing change) {
        boolean before = db.sql("select plus_addressing from tenant where id = ?")
                .param(tenant)
                .query(Boolean.class)
                .single();
        db.sql("update tenant set plus_addressing = ? where id = ?")
                .params(change.on(), tenant)
                .update();
        return Effect.of("plus-addressing", String.valueOf(before), String.valueOf(change.on()));
    }

    Contract contract() {
        return db.sql("select " + CONTRACT + " from contract c join tenant t on t.id = c.tenant_id where t.id = ?")
                .param(tenant)
                .query((r, n) -> contract(r))
                .single();
    }

    /** The contract in a row that begins with {@link #CONTRACT}. */
    static Contract contract(ResultSet r) throws SQLException {
        Set<Service> services = EnumSet.noneOf(Service.class);
        for (String word : (String[]) r.getArray(1).getArray()) {
            services.add(Service.valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return new Contract(services, r.getInt(2), r.getInt(3), new RateLimits(rate(r, 4), rate(r, 5), rate(r, 6)));
    }

    private static RateLimit rate(ResultSet r, int column) throws SQLException {
        int messages = r.getInt(column);
        return r.wasNull() ? new RateLimit.None() : new RateLimit.PerMinute(messages);
    }
}
