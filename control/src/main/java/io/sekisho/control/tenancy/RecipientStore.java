package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.ChangeResult.Refusal;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who exists in a tenant's domains. */
record RecipientStore(JdbcClient db, UUID tenant) {
    private static final int NAMED_IN_AUDIT = 20;

    private void held(DomainName domain) {
        DomainStore.held(
                db.sql("select state from domain where tenant_id = ? and name = ?")
                        .params(tenant, domain.ascii())
                        .query(String.class)
                        .optional()
                        .orElse(null),
                domain);
    }

    /** The form local parts are compared by. */
    static String localPart(Mailbox mailbox) {
        String key = mailbox.key();
        return key.substring(0, key.lastIndexOf('@'));
    }

    /** Local parts in the form they are compared by, with their spelling; all of the domain. */
    private static Map<String, String> localParts(DomainName domain, List<Mailbox> mailboxes) {
        Map<String, String> spellings = LinkedHashMap.newLinkedHashMap(mailboxes.size());
        for (Mailbox mailbox : mailboxes) {
            if (!mailbox.domain().equals(domain.ascii())) {
                throw new RefusedException(Refusal.INVALID, mailbox + " is not an address of " + domain);
            }
            spellings.putIfAbsent(localPart(mailbox), mailbox.localPart());
        }
        return spellings;
    }

    private static String named(Map<String, String> spellings) {
        String names = String.join(
                " ", spellings.values().stream().limit(NAMED_IN_AUDIT).toList());
        int more = spellings.size() - NAMED_IN_AUDIT;
        return more > 0 ? names + " and " + more + " more" : names;
    }

    private void within(Contract contract) {
        long all = db.sql("select count(*) from recipient where tenant_id = ?")
                .param(tenant)
                .query(Long.class)
                .single();
        if (all > contract.recipients()) {
            throw new RefusedException(
                    Refusal.CONTRACT,
                    "the contract has " + contract.recipients() + " recipients, and this would make " + all);
        }
    }

    private int insert(DomainName domain, Map<String, String> spellings, OffsetDateTime now) {
        return db.sql(
                        "insert into recipient (tenant_id, domain, local_part, spelling, added_at)"
                                + " select :tenant, :domain, l, s, :now from unnest(:keys, :spellings) as d(l, s) on conflict do nothing")
                .param("tenant", tenant)
                .param("domain", domain.ascii())
                .param("now", now)
                .param("keys", spellings.keySet().toArray(String[]::new))
                .param("spellings", spellings.values().toArray(String[]::new))
                .update();
    }

    Effect add(Change.AddRecipients change, Contract contract, OffsetDateTime now) {
        held(change.domain());
        Map<String, String> spellings = localParts(change.domain(), change.mailboxes());
        int added = insert(change.domain(), spellings, now);
        within(contract);
        return new Effect(
                change.domain() + " recipients",
                null,
                "added " + added + ": " + named(spellings),
                change.domain().ascii(),
                added);
    }

    Effect addAlias(Change.AddAlias change, Contract contract, OffsetDateTime now) {
        DomainName domain = new DomainName(change.alias().domain());
        held(domain);
        int found = db.sql(
                        "select count(*) from recipient where tenant_id = ? and domain = ? and local_part = ? and alias_of is null")
                .params(tenant, change.of().domain(), localPart(change.of()))
                .query(Integer.class)
                .single();
        if (found == 0) {
            throw new RefusedException(Refusal.NOT_FOUND, change.of() + " is no recipient of this tenant");
        }
        int added = db.sql(
                        "insert into recipient (tenant_id, domain, local_part, spelling, alias_of, added_at)"
                                + " values (?, ?, ?, ?, ?, ?) on conflict (tenant_id, domain, local_part) do update"
                                + " set alias_of = excluded.alias_of where recipient.alias_of is distinct from excluded.alias_of")
                .params(
                        tenant,
                        domain.ascii(),
                        localPart(change.alias()),
                        change.alias().localPart(),
                        change.of().key(),
                        now)
                .update();
        within(contract);
        return new Effect(change.alias().toString(), null, "alias of " + change.of(), domain.ascii(), added);
    }

    Effect remove(Change.RemoveRecipients change) {
        held(change.domain());
        Map<String, String> spellings = localParts(change.domain(), change.mailboxes());
        String[] keys = spellings.keySet().toArray(String[]::new);
        String elsewhere = aliasElsewhere(change.domain(), keys);
        if (!elsewhere.isEmpty()) {
            throw new RefusedException(Refusal.IN_USE, elsewhere + " is an alias of one of them: take it off first");
        }
        int gone = db.sql(
                        "delete from recipient where tenant_id = :tenant and domain = :domain"
                                + " and (local_part = any(:keys) or alias_of in (select k || '@' || :domain from unnest(:keys) as k))")
                .param("tenant", tenant)
                .param("domain", change.domain().ascii())
                .param("keys", keys)
                .update();
        return new Effect(
                change.domain() + " recipients",
                "removed " + gone + ": " + named(spellings),
                null,
                change.domain().ascii(),
                gone);
    }

    /** An address of another domain that is an alias of one of these; empty when there is none. */
    private String aliasElsewhere(DomainName domain, String... keys) {
        return db.sql("select spelling || '@' || domain from recipient where tenant_id = :tenant and domain <> :domain"
                        + " and alias_of in (select k || '@' || :domain from unnest(:keys) as k) limit 1")
                .param("tenant", tenant)
                .param("domain", domain.ascii())
                .param("keys", keys)
                .query(String.class)
                .optional()
                .orElse("");
    }

    Effect replace(Change.ReplaceRecipients change, Contract contract, OffsetDateTime now) {
        held(change.domain());
        Map<String, String> spellings = localParts(change.domain(), change.mailboxes());
        int gone = db.sql(
                        "delete from recipient where tenant_id = :tenant and domain = :domain"
                                + " and not (local_part = any(:keys))"
                                + " and not (alias_of is not null and alias_of in (select k || '@' || :domain from unnest(:keys) as k))")
                .param("tenant", tenant)
                .param("domain", change.domain().ascii())
                .param("keys", spellings.keySet().toArray(String[]::new))
                .update();
        int added = insert(change.domain(), spellings, now);
        within(contract);
        return new Effect(
                change.domain() + " recipients",
                "removed " + gone,
                "added " + added + ": " + named(spellings),
                change.domain().ascii(),
                gone + added);
    }
}
