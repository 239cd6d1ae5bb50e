package io.sekisho.app;

import io.sekisho.app.database.DatabaseOf;
import io.sekisho.app.settings.Settings;
import io.sekisho.control.tenancy.Actor;
import io.sekisho.control.tenancy.Change;
import io.sekisho.control.tenancy.ChangeResult;
import io.sekisho.control.tenancy.TenantReader;
import io.sekisho.control.tenancy.Tenants;
import io.sekisho.gateway.signing.KeyRecords;
import io.sekisho.gateway.signing.PublishedKey;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.RotationLimits;
import io.sekisho.platform.db.Database;
import io.sekisho.platform.db.DatabaseSetupException;
import io.sekisho.platform.db.PoolLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** What the commands about tenants work with: the database, beside the program that runs it or by themselves. */
final class OperatorSession implements AutoCloseable {
    private final Console console;
    private final Settings settings;
    private final Database database;
    private final Tenants tenants;
    private final TenantReader reader;
    private final Actor actor;

    private OperatorSession(Console console, Settings settings, Database database) {
        this.console = console;
        this.settings = settings;
        this.database = database;
        this.tenants = new Tenants(database, Clock.systemUTC());
        this.reader = new TenantReader(database);
        this.actor = new Actor.Operator(console.environment().getOrDefault("USER", "on the command line"));
    }

    /** What a command does. */
    @FunctionalInterface
    interface Work {
        /** Does it. @return the exit code */
        ExitCode run(OperatorSession session) throws StartException;
    }

    /** Opens the database, works, and closes it. @param config the settings file, or null for the usual one */
    static int run(Console console, @Nullable Path config, Work work) throws StartException, InterruptedException {
        ReadSettings read = ReadSettings.read(config, console);
        Settings settings = read.settings().value().orElse(null);
        if (settings == null) {
            return CheckConfigCommand.report(read.problems(), console);
        }
        try (OperatorSession session = new OperatorSession(console, settings, open(settings, console))) {
            return work.run(session).number();
        } catch (DataAccessException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "the database does not answer: " + e.getMostSpecificCause().getMessage(),
                    e);
        }
    }

    private static Database open(Settings settings, Console console) throws StartException, InterruptedException {
        try {
            Database database = Database.attach(
                    DatabaseOf.settings(settings),
                    PoolLimits.defaults(),
                    new SecureRandom(),
                    Clock.systemUTC(),
                    step -> console.err().println("sekisho: " + step));
            boolean beside = settings.database() instanceof Settings.Database.Embedded
                    && database.embeddedStatus().isEmpty();
            if (!beside) {
                // the program that runs has brought its tables up to date itself
                database.migrate("gateway", "classpath:db/gateway");
                database.migrate("control", "classpath:db/control");
            }
            return database;
        } catch (IOException | DatabaseSetupException e) {
            throw new StartException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }

    TenantReader reader() {
        return reader;
    }

    /** The DKIM records of our own mail. */
    List<PublishedKey> keys() throws StartException {
        try {
            return new KeyRecords(database.operator(), Clock.systemUTC(), RotationLimits.DEFAULT)
                    .of(new DomainName(settings.noticesFrom().asciiDomain()));
        } catch (SQLException e) {
            throw new StartException(ExitCode.UNAVAILABLE, "the database does not answer: " + e.getMessage(), e);
        }
    }

    void say(String line) {
        console.out().println(line);
    }

    /** The tenant of a name. @throws StartException when there is none */
    TenantReader.Tenant tenant(String name) throws StartException {
        return reader.tenant(name)
                .orElseThrow(() -> new StartException(
                        ExitCode.DATA, "there is no tenant " + name + "; sekisho tenant list shows all"));
    }

    /** Makes a change and says what came of it. */
    ExitCode change(String tenant, Change change) throws StartException {
        return change(tenant(tenant).id(), change);
    }

    ExitCode change(UUID tenant, Change change) {
        return switch (tenants.change(actor, tenant, change)) {
            case ChangeResult.Done done -> {
                say(
                        done.changed() == 0
                                ? "It was so already."
                                : done.changed() == 1 ? "Done." : "Done: " + done.changed() + " changed.");
                yield ExitCode.OK;
            }
            case ChangeResult.Refused refused -> {
                console.err().println("sekisho: " + refused.detail());
                yield ExitCode.DATA;
            }
        };
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (IOException e) {
            console.err().println("sekisho: the database could not be closed: " + e.getMessage());
        }
    }
}
