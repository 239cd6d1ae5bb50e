package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.ChangeResult.Refusal;
import io.sekisho.platform.db.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The one door through which tenants change: who may, whether it makes sense, the change, its audit with old and new value, and
 * its publication to the gateways, in one transaction that sees this tenant's rows only.
 */
public final class Tenants {
    private final Database database;
    private final InstantSource clock;

    /** @param clock dates changes */
    public Tenants(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a change, or says why not and changes nothing.
     *
     * @throws org.springframework.dao.DataAccessException when the database cannot serve now; nothing is changed
     */
    public ChangeResult change(Actor actor, UUID tenant, Change change) {
        if (!permitted(actor, tenant, change)) {
            return new ChangeResult.Refused(Refusal.FORBIDDEN, "not allowed for " + actor.audited());
        }
        try {
            return database.asTenant(tenant, db -> inTransaction(db, actor, tenant, change));
        } catch (RefusedException e) {
            return e.result();
        }
    }

    private static boolean permitted(Actor actor, UUID tenant, Change change) {
        return switch (actor) {
            case Actor.Operator o -> true;
            case Actor.Job j -> true;
            case Actor.Administrator a -> a.tenant().equals(tenant) && !change.operatorsOnly();
        };
    }

    private ChangeResult inTransaction(JdbcClient db, Actor actor, UUID tenant, Change change) {
        OffsetDateTime now = OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (!(change instanceof Change.Create)) {
            new TenantStore(db, tenant).lock();
        }
        Effect effect = apply(db, tenant, change, now);
        if (effect.changed() == 0) {
            return new ChangeResult.Done(0, 0);
        }
        AuditStore audit = new AuditStore(db, tenant);
        audit.write(actor, change, effect, now);
        return new ChangeResult.Done(audit.publish(effect.recipientsOf()), effect.changed());
    }

    private static Effect apply(JdbcClient db, UUID tenant, Change change, OffsetDateTime now) {
        try {
            TenantStore tenants = new TenantStore(db, tenant);
            DomainStore domains = new DomainStore(db, tenant);
            RecipientStore recipients = new RecipientStore(db, tenant);
            return switch (change) {
                case Change.Create c -> tenants.create(c, now);
                case Change.Rename c -> tenants.rename(c);
                case Change.Suspend c -> tenants.suspend(c);
                case Change.Order c -> tenants.order(c);
                case Change.PlusAddressing c -> tenants.plusAddressing(c);
                case Change.PutContact c -> new ContactStore(db, tenant).put(c);
                case Change.RemoveContact c -> new ContactStore(db, tenant).remove(c);
                case Change.ClaimDomain c -> domains.claim(c, tenants.contract());
                case Change.ProveDomain c -> domains.prove(c, tenants.contract(), now);
                case Change.RemoveDomain c -> domains.remove(c);
                case Change.DomainAlias c -> domains.alias(c);
                case Change.UnlistedRecipients c -> domains.unlisted(c);
                case Change.PutRoute c -> domains.putRoute(c);
                case Change.RemoveRoute c -> domains.removeRoute(c);
                case Change.AddRecipients c -> recipients.add(c, tenants.contract(), now);
                case Change.AddAlias c -> recipients.addAlias(c, tenants.contract(), now);
                case Change.RemoveRecipients c -> recipients.remove(c);
                case Change.ReplaceRecipients c -> recipients.replace(c, tenants.contract(), now);
            };
        } catch (DuplicateKeyException e) {
            throw new RefusedException(Refusal.TAKEN, "this name is taken");
        }
    }
}
