package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.ChangeResult.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A tenant's own row and its contract. */
record TenantStore(JdbcClient db, UUID tenant) {
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
        return db.sql("select services, domains, recipients from contract where tenant_id = ?")
                .param(tenant)
                .query((r, n) -> contract(r))
                .single();
    }

    static Contract contract(ResultSet r) throws SQLException {
        Set<Service> services = EnumSet.noneOf(Service.class);
        for (String word : (String[]) r.getArray(1).getArray()) {
            services.add(Service.valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return new Contract(services, r.getInt(2), r.getInt(3));
    }
}
