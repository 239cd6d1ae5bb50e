package io.sekisho.control.tenancy;

import io.sekisho.gateway.policy.Route;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.report.ReportLanguage;
import io.sekisho.platform.db.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads tenants: all of them for who runs the service, and one from within its walls. Every list goes in pages: the last name of
 * one page is where the next begins.
 */
public final class TenantReader {
    private final Database database;
    private final ReadingStore all;

    /** A reader. */
    public TenantReader(Database database) {
        this.database = database;
        this.all = new ReadingStore(JdbcClient.create(database.operator()));
    }

    /** A tenant. @param name its short name */
    public record Tenant(
            UUID id, String name, String title, boolean suspended, boolean plusAddressing, Contract contract) {}

    /**
     * A domain.
     *
     * @param state claimed, proven or regressed
     * @param unlisted what is done with recipients not on the list, in the words of commands
     * @param learnedUntil when learning ends; null in other modes
     * @param aliasOf the domain it stands for; null when it stands for itself
     * @param recipients on its list
     */
    public record Domain(
            DomainName name,
            String state,
            String unlisted,
            @Nullable Instant learnedUntil,
            @Nullable String aliasOf,
            List<Route> routes,
            long recipients) {
        /** Copies the list. */
        public Domain {
            routes = List.copyOf(routes);
        }
    }

    /** A person who is told what the tenant must know. @param language in which */
    public record Contact(Mailbox mailbox, ReportLanguage language) {}

    /** A line of the audit. @param seq its number: older lines have lower ones */
    public record Audited(
            long seq,
            Instant at,
            String actor,
            String change,
            String object,
            @Nullable String before,
            @Nullable String after) {}

    /** Tenants by name. @param after the name before the first wanted, empty for the start */
    public List<Tenant> tenants(String after, int limit) {
        return all.tenants(after, limit);
    }

    /** The tenant of a short name. */
    public Optional<Tenant> tenant(String name) {
        return all.tenant(name);
    }

    /** A tenant's domains by name. @param after the name before the first wanted, empty for the start */
    public List<Domain> domains(UUID tenant, String after, int limit) {
        return database.asTenant(tenant, db -> new ReadingStore(db).domains(tenant, after, limit));
    }

    /** The people who are told what a tenant must know: few. */
    public List<Contact> contacts(UUID tenant) {
        return database.asTenant(tenant, db -> new ContactStore(db, tenant).all());
    }

    /** A domain's recipients by local part, as they were spelled. @param after the local part before the first wanted, empty for the start */
    public List<String> recipients(UUID tenant, DomainName domain, String after, int limit) {
        return database.asTenant(tenant, db -> new ReadingStore(db).recipients(tenant, domain, after, limit));
    }

    /** A tenant's audit, newest first. @param before the number after the first wanted; {@link Long#MAX_VALUE} for the newest */
    public List<Audited> audit(UUID tenant, long before, int limit) {
        return database.asTenant(tenant, db -> new ReadingStore(db).audit(tenant, before, limit));
    }
}
