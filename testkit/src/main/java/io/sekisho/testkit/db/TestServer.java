package io.sekisho.testkit.db;

import io.sekisho.platform.db.Credentials;
import io.sekisho.platform.db.DatabaseSetup;
import io.sekisho.platform.db.DatabaseSetupException;
import io.sekisho.platform.db.EmbeddedLimits;
import io.sekisho.platform.db.EmbeddedPostgres;
import io.sekisho.platform.db.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one server of this run of tests. Our own lives in a folder of the temporary directory that the next run uses again:
 * that saves unpacking it, and a server that a killed run left behind is stopped by the next. Each running program takes a
 * folder of its own.
 */
final class TestServer {
    private static final int FOLDERS = 16;
    private static final Duration MOST = Duration.ofSeconds(60);

    private final String server;
    private final String parameters;
    private final @Nullable Credentials superuser;
    private final Map<Login, Credentials> logins = new EnumMap<>(Login.class);

    /** Starts the names of the databases of this run; on a server of others another run may be under way. */
    private final String prefix;

    private TestServer(String server, String parameters, @Nullable Credentials superuser) throws SQLException {
        this.server = server;
        this.parameters = parameters;
        this.superuser = superuser;
        this.prefix = "sekisho_test_" + Long.toString(new SecureRandom().nextLong(1L << 40), 36) + "_";
        Map<Login, String> passwords = new EnumMap<>(Login.class);
        for (Login login : Login.values()) {
            String password = "test-" + login.setting();
            passwords.put(login, password);
            logins.put(login, new Credentials(login.role(), password));
        }
        try (Connection connection = superuser("postgres")) {
            DatabaseSetup.logins(connection, passwords);
        }
    }

    /** Starts the server of this program, or connects to the one that the property names. */
    static TestServer start() throws IOException, InterruptedException, DatabaseSetupException, SQLException {
        String external = System.getProperty(TestDatabase.SERVER_PROPERTY, "");
        if (!external.isBlank()) {
            int parameters = external.indexOf('?');
            String address = parameters < 0 ? external : external.substring(0, parameters);
            TestServer given = new TestServer(
                    address.substring(0, address.lastIndexOf('/') + 1),
                    parameters < 0 ? "" : external.substring(parameters),
                    null);
            given.requireVersion(System.getProperty(TestDatabase.VERSION_PROPERTY, ""));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> given.dropQuietly(given.prefix), "test-database-drop"));
            return given;
        }
        EmbeddedPostgres own = embedded();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(own), "test-database-stop"));
        TestServer started = new TestServer(own.url(""), "", own.superuser());
        started.dropAll("sekisho_test_");
        return started;
    }

    private void requireVersion(String wanted) throws SQLException, DatabaseSetupException {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("show server_version")) {
            version.next();
            if (!version.getString(1).startsWith(wanted)) {
                throw new DatabaseSetupException("the server is " + version.getString(1) + ", not " + wanted);
            }
        }
    }

    private static EmbeddedPostgres embedded() throws IOException, InterruptedException, DatabaseSetupException {
        EmbeddedLimits limits = new EmbeddedLimits(
                MOST,
                MOST,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                MOST,
                8,
                64,
                60);
        for (int n = 0; n < FOLDERS; n++) {
            Path folder = Path.of(
                    System.getProperty("java.io.tmpdir"), "sekisho-test-" + System.getProperty("user.name") + "-" + n);
            if (EmbeddedPostgres.inUse(folder)) {
                continue;
            }
            try {
                return EmbeddedPostgres.start(folder, limits, new SecureRandom(), InstantSource.system(), s -> {});
            } catch (DatabaseSetupException e) {
                if (n == FOLDERS - 1 || !EmbeddedPostgres.inUse(folder)) {
                    throw new DatabaseSetupException(e.getMessage() + "; deleting " + folder + " may help", e);
                }
            }
        }
        throw new DatabaseSetupException("more than " + FOLDERS + " runs of tests at once");
    }

    private static void close(EmbeddedPostgres own) {
        try {
            own.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void dropQuietly(String start) {
        try {
            dropAll(start);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes the databases whose names start like this, such as those of a run that was not ended well. */
    private void dropAll(String start) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = superuser("postgres");
                PreparedStatement statement =
                        connection.prepareStatement("select datname from pg_database where starts_with(datname, ?)")) {
            statement.setString(1, start);
            try (ResultSet names = statement.executeQuery()) {
                while (names.next()) {
                    found.add(names.getString(1));
                }
            }
        }
        for (String name : found) {
            drop(name);
        }
    }

    /** What the names of this run's databases start with. */
    String prefix() {
        return prefix;
    }

    /** A connection of the superuser. */
    Connection superuser(String database) throws SQLException {
        String url = url(database);
        return superuser == null
                ? DriverManager.getConnection(url + parameters)
                : DriverManager.getConnection(url, superuser.user(), superuser.password());
    }

    /** Makes a database as a copy of another. */
    void create(String database, String template) throws SQLException {
        try (Connection connection = superuser("postgres")) {
            DatabaseSetup.database(connection, database, template);
        }
        if (template.equals("template1")) {
            try (Connection connection = superuser(database)) {
                DatabaseSetup.schema(connection);
            }
        }
    }

    /** Deletes a database, ending whatever connections it has. */
    void drop(String database) throws SQLException {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + database + " with (force)");
        }
    }

    /** The address of a database, without a login. */
    String url(String database) {
        return server + database;
    }

    /** The four logins. */
    Map<Login, Credentials> logins() {
        return logins;
    }
}
