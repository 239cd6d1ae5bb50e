package io.sekisho.app.database;

import io.sekisho.app.settings.Settings;
import io.sekisho.platform.db.Database;
import io.sekisho.platform.db.DatabaseSetupException;
import io.sekisho.platform.db.PoolLimits;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens the database beside the mail: the embedded one must start, one that somebody else runs may come later. */
public final class DatabaseStart implements Runnable {
    private static final System.Logger LOG = System.getLogger(DatabaseStart.class.getName());
    private static final int EMBEDDED_TRIES = 3;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Settings settings;
    private final SecureRandom secrets;
    private final CountDownLatch ended;
    private final Use use;
    private final Consumer<Exception> giveUp;

    /** What is done with the database that was opened. */
    @FunctionalInterface
    public interface Use {
        /** Uses it. What it throws is trouble with the database, which is opened again. */
        void begin(Database database) throws DatabaseSetupException, IOException, InterruptedException;
    }

    /**
     * A start that is to be run.
     *
     * @param ended is down when the program ends: then no more is tried
     * @param giveUp is told why the embedded database does not start
     */
    public DatabaseStart(
            Settings settings, SecureRandom secrets, CountDownLatch ended, Use use, Consumer<Exception> giveUp) {
        this.settings = settings;
        this.secrets = secrets;
        this.ended = ended;
        this.use = use;
        this.giveUp = giveUp;
    }

    @Override
    public void run() {
        int failures = 0;
        try {
            do {
                try {
                    use.begin(Database.open(
                            DatabaseOf.settings(settings),
                            PoolLimits.defaults(),
                            secrets,
                            Clock.systemUTC(),
                            step -> LOG.log(System.Logger.Level.INFO, step)));
                    return;
                } catch (DatabaseSetupException | IOException e) {
                    // one that was killed while it started is started again; one that cannot start is the operator's
                    // to mend
                    if (settings.database() instanceof Settings.Database.Embedded && failures == EMBEDDED_TRIES) {
                        giveUp.accept(e);
                        return;
                    }
                    if (failures++ == 0) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "{0} Mail is taken and delivered meanwhile; trying again every {1} s",
                                e.getMessage(),
                                RETRY.toSeconds());
                    }
                }
            } while (!ended.await(RETRY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
