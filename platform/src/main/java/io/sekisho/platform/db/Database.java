package io.sekisho.platform.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sekisho.platform.secret.SecretFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database: a pool for each login, migrations, and work on behalf of one tenant. Once it is open, a database that goes away
 * is no reason to open it anew: whoever asks gets an error ({@link SqlFailures} tells which) until it is back, and then
 * connections again.
 */
public final class Database implements AutoCloseable {
    private static final String NAME = "sekisho";

    private final @Nullable EmbeddedPostgres embedded;
    private final PGSimpleDataSource owner;
    private final HikariDataSource gateway;
    private final HikariDataSource app;
    private final HikariDataSource operator;
    private final JdbcClient tenantClient;
    private final TransactionTemplate tenantTransaction;

    private Database(
            @Nullable EmbeddedPostgres embedded, String url, Map<Login, Credentials> logins, PoolLimits limits) {
        this.embedded = embedded;
        this.owner = source(url, logins, Login.OWNER);
        this.gateway = pool(url, logins, Login.GATEWAY, limits.gateway(), limits);
        this.app = pool(url, logins, Login.APP, limits.app(), limits);
        this.operator = pool(url, logins, Login.OPERATOR, limits.operator(), limits);
        this.tenantClient = JdbcClient.create(app);
        this.tenantTransaction = new TransactionTemplate(new JdbcTransactionManager(app));
    }

    /**
     * Opens the database; an embedded one is started first, and made at the first time.
     *
     * @param random for passwords and the port of an embedded one; must be hard to guess
     * @param clock tells how long an embedded one has run
     * @param progress is told of steps that take a while
     * @throws DatabaseSetupException when it cannot be used, with what to do
     */
    public static Database open(
            DatabaseSettings settings,
            PoolLimits limits,
            RandomGenerator random,
            InstantSource clock,
            Consumer<String> progress)
            throws IOException, InterruptedException, DatabaseSetupException {
        return switch (settings) {
            case DatabaseSettings.External external -> {
                check(external.url(), external.logins());
                yield new Database(null, external.url(), external.logins(), limits);
            }
            case DatabaseSettings.Embedded own -> {
                EmbeddedPostgres server =
                        EmbeddedPostgres.start(own.directory(), own.limits(), random, clock, progress);
                try {
                    yield new Database(server, server.url(NAME), setUp(server, random), limits);
                } catch (IOException | DatabaseSetupException | RuntimeException e) {
                    server.close();
                    throw e;
                }
            }
        };
    }

    /**
     * Opens the database beside the program that runs it, for a command; when none does, as {@link #open}.
     *
     * @throws DatabaseSetupException when it cannot be used, with what to do
     */
    public static Database attach(
            DatabaseSettings settings,
            PoolLimits limits,
            RandomGenerator random,
            InstantSource clock,
            Consumer<String> progress)
            throws IOException, InterruptedException, DatabaseSetupException {
        if (settings instanceof DatabaseSettings.Embedded own && EmbeddedPostgres.inUse(own.directory())) {
            PostgresHome home = new PostgresHome(own.directory().toRealPath());
            if (!Files.exists(home.logins())) {
                throw new DatabaseSetupException(
                        "the database is being made by the program that runs: try again in a moment");
            }
            String url = EmbeddedPostgres.url(
                    Integer.parseInt(Files.readString(home.port()).strip()), NAME);
            return new Database(null, url, credentials(passwords(home, random)), limits);
        }
        return open(settings, limits, random, clock, progress);
    }

    private static void check(String url, Map<Login, Credentials> logins) throws DatabaseSetupException {
        for (Login login : Login.values()) {
            DatabaseChecks.login(DatabaseChecks.connect(url, of(logins, login), login.setting()), login);
        }
        DatabaseChecks.durable(DatabaseChecks.connect(url, of(logins, Login.GATEWAY), Login.GATEWAY.setting()));
    }

    private static Map<Login, Credentials> setUp(EmbeddedPostgres server, RandomGenerator random)
            throws IOException, DatabaseSetupException {
        Map<Login, String> passwords = passwords(server.home(), random);
        try (Connection superuser =
                DatabaseChecks.connect(server.url("postgres"), server.superuser(), "embedded database")) {
            DatabaseSetup.logins(superuser, passwords);
            DatabaseSetup.database(superuser, NAME, "template1");
        } catch (SQLException e) {
            throw new DatabaseSetupException("cannot set up the embedded database: " + e.getMessage(), e);
        }
        try (Connection superuser = DatabaseChecks.connect(server.url(NAME), server.superuser(), "embedded database")) {
            DatabaseSetup.schema(superuser);
        } catch (SQLException e) {
            throw new DatabaseSetupException("cannot set up the embedded database: " + e.getMessage(), e);
        }
        return credentials(passwords);
    }

    private static Map<Login, Credentials> credentials(Map<Login, String> passwords) {
        Map<Login, Credentials> logins = new EnumMap<>(Login.class);
        passwords.forEach((login, password) -> logins.put(login, new Credentials(login.role(), password)));
        return logins;
    }

    /** The passwords in the file, which is made when there is none. */
    private static Map<Login, String> passwords(PostgresHome home, RandomGenerator random) throws IOException {
        Properties kept = new Properties();
        if (Files.exists(home.logins())) {
            kept.load(new StringReader(Files.readString(home.logins())));
        }
        Map<Login, String> passwords = new EnumMap<>(Login.class);
        StringBuilder text = new StringBuilder();
        for (Login login : Login.values()) {
            String password = kept.getProperty(login.role());
            String used = password == null ? SecretFile.password(random) : password;
            passwords.put(login, used);
            text.append(login.role()).append('=').append(used).append('\n');
        }
        if (kept.size() != passwords.size()) {
            SecretFile.write(home.logins(), text.toString(), "rw-------");
        }
        return passwords;
    }

    private static Credentials of(Map<Login, Credentials> logins, Login login) {
        Credentials credentials = logins.get(login);
        if (credentials == null) {
            throw new IllegalArgumentException("no credentials for the login " + login.setting());
        }
        return credentials;
    }

    private static PGSimpleDataSource source(String url, Map<Login, Credentials> logins, Login login) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(of(logins, login).user());
        source.setPassword(of(logins, login).password());
        source.setApplicationName("sekisho-" + login.setting());
        source.setTcpKeepAlive(true);
        return source;
    }

    private static HikariDataSource pool(
            String url, Map<Login, Credentials> logins, Login login, int most, PoolLimits limits) {
        PGSimpleDataSource source = source(url, logins, login);
        int wait = Math.toIntExact(limits.connection().toSeconds());
        source.setConnectTimeout(wait);
        source.setLoginTimeout(wait);
        source.setSocketTimeout(Math.toIntExact(limits.answer().toSeconds()));
        HikariConfig config = new HikariConfig();
        config.setPoolName(login.role());
        config.setDataSource(source);
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(limits.connection().toMillis());
        config.setValidationTimeout(Math.max(250, limits.connection().toMillis() / 2));
        config.setIdleTimeout(limits.idle().toMillis());
        config.setInitializationFailTimeout(-1); // a database that is not there yet is no error of the pool
        return new HikariDataSource(config);
    }

    /**
     * Brings the tables of one module up to date, as the owner. Each module has a history of its own, the table
     * {@code flyway_<module>}; nothing is ever cleaned.
     *
     * @param module the module's name in small letters
     * @param location where its migrations are, such as {@code classpath:db/gateway}
     * @throws DatabaseSetupException when a migration fails or does not fit what was run before
     */
    public void migrate(String module, String location) throws DatabaseSetupException {
        try {
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(owner)
                    .locations(location)
                    .defaultSchema("public")
                    .table("flyway_" + module)
                    .baselineOnMigrate(true) // the schema is not empty when another module came first
                    .baselineVersion("0")
                    .cleanDisabled(true)
                    .validateMigrationNaming(true)
                    .failOnMissingLocations(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new DatabaseSetupException(
                    "the tables of " + module + " cannot be brought up to date: " + e.getMessage(), e);
        }
    }

    /** Connections of the gateway: mail, queue and settings of all tenants. */
    public DataSource gateway() {
        return gateway;
    }

    /** Connections of the console; without {@link #asTenant} they see no tenant's rows. */
    public DataSource app() {
        return app;
    }

    /** Connections of the operator of the service. */
    public DataSource operator() {
        return operator;
    }

    /**
     * Does work in one transaction that sees and changes the rows of one tenant only. The transaction is rolled back when the
     * work throws.
     *
     * @param work gets a client of the console's login; it must not hand it on to other threads
     * @return what the work returns
     */
    public <T> T asTenant(UUID tenant, Function<JdbcClient, T> work) {
        Optional<T> result = tenantTransaction.execute(status -> {
            tenantClient
                    .sql("select set_config('app.tenant', :tenant, true)")
                    .param("tenant", tenant.toString())
                    .query(String.class)
                    .single();
            return Optional.of(work.apply(tenantClient));
        });
        return result.orElseThrow();
    }

    /** How the embedded server is doing; empty when somebody else runs the server. */
    public Optional<PostgresStatus> embeddedStatus() {
        return embedded == null ? Optional.empty() : Optional.of(embedded.status());
    }

    /** Closes the connections, then stops the embedded server. Any thread may call it, any number of times. */
    @Override
    public void close() throws IOException {
        gateway.close();
        app.close();
        operator.close();
        if (embedded != null) {
            embedded.close();
        }
    }
}
