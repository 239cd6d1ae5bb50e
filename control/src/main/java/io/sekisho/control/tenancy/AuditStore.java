package io.sekisho.control.tenancy;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What every change leaves behind: a line in the audit, and word for the gateways. */
record AuditStore(JdbcClient db, UUID tenant) {
    void write(Actor actor, Change change, Effect effect, OffsetDateTime now) {
        db.sql("insert into audit (tenant_id, at, actor, change, object, before, after) values (?, ?, ?, ?, ?, ?, ?)")
                .params(tenant, now, actor.audited(), change.getClass().getSimpleName(), effect.object())
                .param(effect.before())
                .param(effect.after())
                .update();
    }

    /** @param recipientsOf the domain whose list has changed; null when something else has @return the number of the change */
    long publish(@Nullable String recipientsOf) {
        return db.sql("select publish_settings(?, ?)")
                .param(tenant)
                .param(recipientsOf)
                .query(Long.class)
                .single();
    }
}
