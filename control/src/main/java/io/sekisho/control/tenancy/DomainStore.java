package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.ChangeResult.Refusal;
import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.mail.address.DomainName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A tenant's domains and their mail servers. */
record DomainStore(JdbcClient db, UUID tenant) {
    private static final int MOST_ROUTES = 20;

    Effect claim(Change.ClaimDomain change, Contract contract) {
        String name = change.domain().ascii();
        if (state(change.domain()) != null) {
            return Effect.of(name, "", "");
        }
        if (count("select count(*) from domain where tenant_id = ?") >= contract.domains()) {
            throw new RefusedException(
                    Refusal.CONTRACT, "the contract has " + contract.domains() + " domains, and all are in use");
        }
        db.sql("insert into domain (tenant_id, name, state, recipients) values (?, ?, 'claimed', 'listed')")
                .params(tenant, name)
                .update();
        return Effect.of(name, null, "claimed");
    }

    private int count(String sql) {
        return db.sql(sql).param(tenant).query(Integer.class).single();
    }

    private @Nullable String state(DomainName domain) {
        return db.sql("select state from domain where tenant_id = ? and name = ?")
                .params(tenant, domain.ascii())
                .query(String.class)
                .optional()
                .orElse(null);
    }

    static String held(@Nullable String state, DomainName domain) {
        if (state == null) {
            throw new RefusedException(Refusal.NOT_FOUND, "the tenant has no domain " + domain + ": claim it first");
        }
        return state;
    }

    Effect prove(Change.ProveDomain change, Contract contract, OffsetDateTime now) {
        String before = held(state(change.domain()), change.domain());
        if (!contract.services().contains(Service.INBOUND)) {
            throw new RefusedException(Refusal.CONTRACT, "the contract has no inbound mail");
        }
        String name = change.domain().ascii();
        try {
            db.sql("insert into domain_owner (name, tenant_id) values (:name, :tenant) on conflict (name) do update"
                            + " set tenant_id = domain_owner.tenant_id where domain_owner.tenant_id = :tenant")
                    .param("name", name)
                    .param("tenant", tenant)
                    .update();
        } catch (DuplicateKeyException e) {
            throw taken(change.domain());
        }
        if (db.sql("select count(*) from domain_owner where name = ? and tenant_id = ?")
                        .params(name, tenant)
                        .query(Integer.class)
                        .single()
                == 0) {
            throw taken(change.domain());
        }
        forgetEarlyMail(name);
        db.sql(
                        "update domain set state = 'proven', proven_at = coalesce(proven_at, ?) where tenant_id = ? and name = ?")
                .params(now, tenant, name)
                .update();
        return Effect.of(name, before, before.equals("proven") ? before : "proven: " + change.evidence());
    }

    private static RefusedException taken(DomainName domain) {
        return new RefusedException(
                Refusal.TAKEN, domain + " is proven by another tenant: it has to give the domain up first");
    }

    /** Nobody need be told of it any more. */
    private void forgetEarlyMail(String name) {
        db.sql("delete from early_mail where tenant_id = ? and domain = ?")
                .params(tenant, name)
                .update();
    }

    Effect remove(Change.RemoveDomain change) {
        String name = change.domain().ascii();
        String before = held(state(change.domain()), change.domain());
        int aliases = db.sql("select count(*) from domain where tenant_id = ? and alias_of = ?")
                .params(tenant, name)
                .query(Integer.class)
                .single();
        if (aliases > 0) {
            throw new RefusedException(
                    Refusal.IN_USE, aliases + " other domains are aliases of " + name + ": change those first");
        }
        db.sql("delete from domain_owner where tenant_id = ? and name = ?")
                .params(tenant, name)
                .update();
        forgetEarlyMail(name);
        db.sql("delete from domain where tenant_id = ? and name = ?")
                .params(tenant, name)
                .update();
        return Effect.of(name, before, null);
    }

    Effect alias(Change.DomainAlias change) {
        held(state(change.domain()), change.domain());
        DomainName of = change.of();
        if (of != null) {
            held(state(of), of);
            if (of.equals(change.domain()) || aliasOf(of) != null) {
                throw new RefusedException(
                        Refusal.INVALID, of + " is an alias itself, or the same domain: name the domain that is meant");
            }
        }
        int others = db.sql("select count(*) from domain where tenant_id = ? and alias_of = ?")
                .params(tenant, change.domain().ascii())
                .query(Integer.class)
                .single();
        if (of != null && others > 0) {
            throw new RefusedException(
                    Refusal.IN_USE,
                    others + " other domains are aliases of " + change.domain() + ": change those first");
        }
        String before = aliasOf(change.domain());
        String after = of == null ? null : of.ascii();
        db.sql("update domain set alias_of = ? where tenant_id = ? and name = ?")
                .param(after)
                .param(tenant)
                .param(change.domain().ascii())
                .update();
        return Effect.of(change.domain() + " alias of", before, after);
    }

    private @Nullable String aliasOf(DomainName domain) {
        return db.sql("select coalesce(alias_of, '') from domain where tenant_id = ? and name = ?")
                .params(tenant, domain.ascii())
                .query(String.class)
                .optional()
                .filter(name -> !name.isEmpty())
                .orElse(null);
    }

    Effect unlisted(Change.UnlistedRecipients change) {
        held(state(change.domain()), change.domain());
        Instant until = change.until();
        if ((change.mode() == RecipientMode.LEARNED) != (until != null)) {
            throw new RefusedException(Refusal.INVALID, "learning needs an end, and only learning has one");
        }
        String before = db.sql("select recipients || coalesce(' until ' || learned_until, '') from domain"
                        + " where tenant_id = ? and name = ?")
                .params(tenant, change.domain().ascii())
                .query(String.class)
                .single();
        db.sql("update domain set recipients = ?, learned_until = ? where tenant_id = ? and name = ?")
                .param(change.mode().word())
                .param(until == null ? null : OffsetDateTime.ofInstant(until, ZoneOffset.UTC))
                .param(tenant)
                .param(change.domain().ascii())
                .update();
        return Effect.of(
                change.domain() + " unlisted recipients",
                before,
                change.mode().word() + (until == null ? "" : " until " + until));
    }

    Effect putRoute(Change.PutRoute change) {
        held(state(change.domain()), change.domain());
        String domain = change.domain().ascii();
        String before = preference(change);
        int preference = change.route().preference();
        if (preference < 0 || preference > 65535) {
            throw new RefusedException(Refusal.INVALID, "a preference is a number from 0 to 65535");
        }
        int routes = db.sql("select count(*) from route where tenant_id = ? and domain = ?")
                .params(tenant, domain)
                .query(Integer.class)
                .single();
        if (before == null && routes >= MOST_ROUTES) {
            throw new RefusedException(Refusal.INVALID, "a domain has at most " + MOST_ROUTES + " mail servers");
        }
        db.sql(
                        "insert into route (tenant_id, domain, host, port, preference) values (:tenant, :domain, :host, :port, :preference)"
                                + " on conflict (tenant_id, domain, host, port) do update set preference = :preference")
                .param("tenant", tenant)
                .param("domain", domain)
                .param("host", change.route().hop().host())
                .param("port", change.route().hop().port())
                .param("preference", preference)
                .update();
        return Effect.of(domain + " route " + change.route().hop(), before, String.valueOf(preference));
    }

    private @Nullable String preference(Change.PutRoute change) {
        return db.sql("select preference::text from route where tenant_id = ? and domain = ? and host = ? and port = ?")
                .params(
                        tenant,
                        change.domain().ascii(),
                        change.route().hop().host(),
                        change.route().hop().port())
                .query(String.class)
                .optional()
                .orElse(null);
    }

    Effect removeRoute(Change.RemoveRoute change) {
        held(state(change.domain()), change.domain());
        int gone = db.sql("delete from route where tenant_id = ? and domain = ? and host = ? and port = ?")
                .params(
                        tenant,
                        change.domain().ascii(),
                        change.hop().host(),
                        change.hop().port())
                .update();
        if (gone == 0) {
            throw new RefusedException(Refusal.NOT_FOUND, change.domain() + " has no mail server " + change.hop());
        }
        return Effect.of(change.domain() + " route " + change.hop(), "", null);
    }
}
