package io.sekisho.app;

import io.sekisho.control.notices.NoticeLimits;
import io.sekisho.control.notices.Notices;
import io.sekisho.control.notices.OwnMail;
import io.sekisho.control.tenancy.LearnedRecipients;
import io.sekisho.control.tenancy.Tenants;
import io.sekisho.platform.db.Database;
import java.time.Clock;
import java.time.ZoneId;
import org.springframework.dao.DataAccessException;

/** Work of the control plane that needs the database and nobody waits for. */
final class Jobs {
    private static final System.Logger LOG = System.getLogger(Jobs.class.getName());

    private final LearnedRecipients learned;
    private final Notices notices;

    Jobs(Database database, OwnMail mail, String hostName, Clock clock) {
        this.learned = new LearnedRecipients(database, new Tenants(database, clock));
        this.notices = new Notices(database, mail::send, hostName, ZoneId.systemDefault(), clock, NoticeLimits.DEFAULT);
    }

    /** Lists what was learned; called every few seconds. */
    void learn() {
        attempt("learned recipients are not listed now", learned::step);
    }

    /** Tells tenants what they must know; called a few times a minute. */
    void tell() {
        attempt("notices are not written now", notices::step);
    }

    private static void attempt(String otherwise, Runnable job) {
        try {
            job.run();
        } catch (DataAccessException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: {1}",
                    otherwise,
                    e.getMostSpecificCause().getMessage());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, otherwise, e);
        }
    }
}
