package io.sekisho.testkit.db;

import io.sekisho.platform.db.Database;
import io.sekisho.platform.db.DatabaseSettings;
import io.sekisho.platform.db.DatabaseSetupException;
import io.sekisho.platform.db.PoolLimits;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database for one class of tests, with the real logins and the tables of the migrations it asks for. The server is started
 * once for all tests of a run and is PostgreSQL as we bring it; the property {@value #SERVER_PROPERTY} names another, by the
 * address of a superuser, such as {@code jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres&password=secret}.
 *
 * <p>The tables are made once for each set of migrations; a database is a copy of that, made in a tenth of a second.
 */
public final class TestDatabase implements AutoCloseable {
    /** The system property with the address of a server to use instead of our own. */
    public static final String SERVER_PROPERTY = "sekisho.test.database";

    /** The system property with the version that this server must have, such as 15: so that a run shows what it was meant to show. */
    public static final String VERSION_PROPERTY = "sekisho.test.database-version";

    private static final PoolLimits LIMITS =
            new PoolLimits(8, 4, 2, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(1));
    private static final Shared SHARED = new Shared();

    private final TestServer server;
    private final String name;
    private final Database database;

    private TestDatabase(TestServer server, String name, Database database) {
        this.server = server;
        this.name = name;
        this.database = database;
    }

    /**
     * Migrations of one module.
     *
     * @param module the module's name
     * @param location such as {@code classpath:db/gateway}
     */
    public record Migration(String module, String location) {}

    /** What all tests of this run share. */
    private static final class Shared {
        private final Map<List<Migration>, String> templates = new HashMap<>();
        private @Nullable TestServer server;
        private int made;

        synchronized TestServer server()
                throws IOException, InterruptedException, DatabaseSetupException, SQLException {
            TestServer started = server;
            if (started == null) {
                started = TestServer.start();
                server = started;
            }
            return started;
        }

        synchronized String name(TestServer on) {
            return on.prefix() + ++made;
        }

        synchronized String template(TestServer on, List<Migration> migrations)
                throws IOException, InterruptedException, DatabaseSetupException, SQLException {
            String known = templates.get(migrations);
            if (known != null) {
                return known;
            }
            String template = name(on);
            on.create(template, "template1");
            try (Database empty = openOn(on, template)) {
                for (Migration migration : migrations) {
                    empty.migrate(migration.module(), migration.location());
                }
            }
            templates.put(migrations, template);
            return template;
        }
    }

    /** A new database with the tables of these migrations, run in this order. */
    public static TestDatabase fresh(Migration... migrations) {
        try {
            TestServer server = SHARED.server();
            String template = SHARED.template(server, List.of(migrations));
            String name = SHARED.name(server);
            server.create(name, template);
            return new TestDatabase(server, name, openOn(server, name));
        } catch (IOException | DatabaseSetupException | SQLException e) {
            throw new IllegalStateException("no database for the tests: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making a database", e);
        }
    }

    private static Database openOn(TestServer server, String name)
            throws IOException, InterruptedException, DatabaseSetupException {
        return Database.open(
                new DatabaseSettings.External(server.url(name), server.logins()),
                LIMITS,
                new SecureRandom(),
                InstantSource.system(),
                s -> {});
    }

    /** The database as the program sees it. */
    public Database database() {
        return database;
    }

    /** Connections of the gateway's login. */
    public DataSource gateway() {
        return database.gateway();
    }

    /** A connection of the superuser, for looking at and breaking things. To be closed by the caller. */
    public Connection superuser() throws SQLException {
        return server.superuser(name);
    }

    /** Closes the connections and deletes the database. */
    @Override
    public void close() throws IOException, SQLException {
        database.close();
        server.drop(name);
    }
}
