package io.sekisho.control.tenancy;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.platform.db.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts recipients that customers' servers took while their domains learn on the lists, through the door of all changes. */
public final class LearnedRecipients {
    private static final System.Logger LOG = System.getLogger(LearnedRecipients.class.getName());
    private static final Actor ACTOR = new Actor.Job("learning");
    /** At once; more wait for the next step. */
    private static final int MOST = 1000;

    private final Database database;
    private final Tenants tenants;
    private final JdbcClient all;

    /** @param tenants makes the changes */
    public LearnedRecipients(Database database, Tenants tenants) {
        this.database = database;
        this.tenants = tenants;
        this.all = JdbcClient.create(database.operator());
    }

    /** Brings over what has been learned. @return how many recipients */
    public int step() {
        int listed = 0;
        for (LearnedStore.Place place : LearnedStore.places(all)) {
            List<LearnedStore.Address> addresses =
                    database.asTenant(place.tenant(), db -> new LearnedStore(db, place).some(MOST));
            listed += list(place, addresses);
        }
        return listed;
    }

    private int list(LearnedStore.Place place, List<LearnedStore.Address> addresses) {
        UUID tenant = place.tenant();
        List<Mailbox> mailboxes = new ArrayList<>();
        addresses.forEach(address -> mailboxes.add(new Mailbox(address.spelling(), place.domain())));
        ChangeResult result =
                tenants.change(ACTOR, tenant, new Change.AddRecipients(new DomainName(place.domain()), mailboxes));
        switch (result) {
            case ChangeResult.Done done -> {}
            case ChangeResult.Refused refused ->
                // the contract is full, or the domain has gone: nobody is refused mail for it, the server is asked
                // again
                LOG.log(
                        System.Logger.Level.WARNING,
                        "learned recipients of {0} are not listed: {1}",
                        place.domain(),
                        refused.detail());
        }
        database.asTenant(tenant, db -> new LearnedStore(db, place).forget(addresses));
        return result instanceof ChangeResult.Done done ? done.changed() : 0;
    }
}
