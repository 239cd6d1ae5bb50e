package io.sekisho.platform.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(180)
class DatabaseTest {
    private static final PoolLimits LIMITS =
            new PoolLimits(4, 2, 1, Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofMinutes(1));

    private static Path folder;
    private static Database database;

    /** In a folder that no other account can pass through: as root this is the way through a name space. */
    @BeforeAll
    static void open() throws Exception {
        folder = Folders.make(false);
        database = Database.open(
                new DatabaseSettings.Embedded(folder.resolve("postgres"), Folders.LIMITS),
                LIMITS,
                new SecureRandom(),
                InstantSource.system(),
                s -> {});
        database.migrate("sample", "classpath:db/sample");
    }

    @AfterAll
    static void close() throws IOException {
        database.close();
        PostgresPrograms.deleteTree(folder);
    }

    private static JdbcClient client(DataSource source) {
        return JdbcClient.create(source);
    }

    private static String url() {
        return "jdbc:postgresql://127.0.0.1:"
                + database.embeddedStatus().orElseThrow().port() + "/sekisho";
    }

    private static Map<Login, Credentials> logins() throws IOException {
        Map<Login, Credentials> logins = new EnumMap<>(Login.class);
        List<String> lines = Files.readAllLines(folder.resolve("postgres/logins"));
        for (Login login : Login.values()) {
            String start = login.role() + "=";
            String line =
                    lines.stream().filter(l -> l.startsWith(start)).findFirst().orElseThrow();
            logins.put(login, new Credentials(login.role(), line.substring(start.length())));
        }
        return logins;
    }

    private static Database external(String url, Map<Login, Credentials> logins) throws Exception {
        return Database.open(
                new DatabaseSettings.External(url, logins),
                LIMITS,
                new SecureRandom(),
                InstantSource.system(),
                s -> {});
    }

    @Test
    void eachPoolHasItsOwnLogin() {
        String sql = "select current_user";
        assertEquals(
                "sekisho_gateway",
                client(database.gateway()).sql(sql).query(String.class).single());
        assertEquals(
                "sekisho_app",
                client(database.app()).sql(sql).query(String.class).single());
        assertEquals(
                "sekisho_operator",
                client(database.operator()).sql(sql).query(String.class).single());
    }

    @Test
    void onlyTheOwnerMakesTables() {
        for (DataSource source : List.of(database.gateway(), database.app(), database.operator())) {
            for (String sql : List.of(
                    "create table intruder (n int)",
                    "create temporary table intruder (n int)",
                    "create schema intruder",
                    "drop table sample",
                    "set role sekisho_owner",
                    "alter table sample disable row level security")) {
                DataAccessException e = assertThrows(
                        DataAccessException.class, () -> client(source).sql(sql).update(), sql);
                assertEquals(SqlFailures.Kind.MISTAKE, SqlFailures.kind(e), sql);
            }
        }
        assertThrows(
                DataAccessException.class,
                () -> client(database.operator())
                        .sql("select * from sample")
                        .query()
                        .listOfRows());
    }

    @Test
    void aTenantSeesItsRowsOnly() {
        UUID hakone = UUID.randomUUID();
        UUID arai = UUID.randomUUID();
        String insert = "insert into sample (id, tenant_id, words) values (?, ?, ?)";
        database.asTenant(
                hakone, c -> c.sql(insert).params(1, hakone, "hot springs").update());
        database.asTenant(arai, c -> c.sql(insert).params(2, arai, "barrier").update());
        String select = "select words from sample";
        assertEquals(
                List.of("hot springs"),
                database.asTenant(hakone, c -> c.sql(select).query(String.class).list()));
        assertEquals(
                List.of("barrier"),
                database.asTenant(arai, c -> c.sql(select).query(String.class).list()));
        assertEquals(
                List.of(),
                client(database.app()).sql(select).query(String.class).list());
        assertEquals(
                2,
                client(database.gateway())
                        .sql(select)
                        .query(String.class)
                        .list()
                        .size());
        assertThrows(
                DataAccessException.class,
                () -> database.asTenant(
                        hakone, c -> c.sql(insert).params(3, arai, "forged").update()));
        assertThrows(
                IllegalStateException.class,
                () -> database.asTenant(hakone, c -> {
                    c.sql("delete from sample").update();
                    throw new IllegalStateException("changed my mind");
                }));
        assertEquals(
                List.of("hot springs"),
                database.asTenant(hakone, c -> c.sql(select).query(String.class).list()));
    }

    @Test
    void modulesHaveHistoriesOfTheirOwn() throws Exception {
        database.migrate("other", "classpath:db/other");
        database.migrate("sample", "classpath:db/sample");
        DatabaseSetupException e =
                assertThrows(DatabaseSetupException.class, () -> database.migrate("sample", "classpath:db/other"));
        assertTrue(e.toString().contains("the tables of sample"), e.toString());
        assertThrows(DatabaseSetupException.class, () -> database.migrate("absent", "classpath:db/absent"));
    }

    @Test
    void poolsRecoverWhenTheServerWasKilled() throws Exception {
        try (Connection held = database.gateway().getConnection()) {
            assertTrue(held.isValid(1));
            int restarts = restarts();
            long pid = Long.parseLong(Files.readAllLines(folder.resolve("postgres/cluster/postmaster.pid"))
                    .getFirst());
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            boolean lost = false;
            for (int i = 0; !lost && i < 1_000; i++) {
                try (var statement = held.createStatement()) {
                    statement.execute("select 1");
                    Folders.lookAgainSoon();
                } catch (SQLException e) {
                    assertTrue(SqlFailures.databaseGone(e), e::toString);
                    lost = true;
                }
            }
            assertTrue(lost, "the old connection still works");
            boolean back = false;
            for (int i = 0; !back && i < 100; i++) {
                try {
                    back = client(database.gateway())
                                    .sql("select 1")
                                    .query(Integer.class)
                                    .single()
                            == 1;
                } catch (DataAccessException e) {
                    assertTrue(SqlFailures.databaseGone(e), e::toString);
                    Folders.lookAgainSoon();
                }
            }
            assertTrue(back, "no connection after the restart");
            for (int i = 0; i < 500 && restarts() == restarts; i++) {
                Folders.lookAgainSoon();
            }
            assertEquals(restarts + 1, restarts());
        }
    }

    private static int restarts() {
        return database.embeddedStatus().orElseThrow().restarts();
    }

    @Test
    void anExternalServerIsUsedWithItsLogins() throws Exception {
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("postgres/logins"))));
        try (Database external = external(url(), logins())) {
            assertEquals(
                    1,
                    client(external.gateway())
                            .sql("select 1")
                            .query(Integer.class)
                            .single());
            assertTrue(external.embeddedStatus().isEmpty());
        }
    }

    @Test
    void troubleWithAnExternalServerIsToldInWords() throws Exception {
        Map<Login, Credentials> wrong = logins();
        wrong.put(Login.GATEWAY, new Credentials("sekisho_gateway", "guess"));
        refused("wrong password for the login sekisho_gateway", url(), wrong);

        Map<Login, Credentials> swapped = logins();
        swapped.put(Login.APP, swapped.get(Login.GATEWAY));
        refused("must be sekisho_app and not sekisho_gateway", url(), swapped);

        refused(
                "no database server answers at jdbc:postgresql://127.0.0.1:1/sekisho:",
                "jdbc:postgresql://127.0.0.1:1/sekisho?password=x",
                logins());
        refused("no such database", url().replace("/sekisho", "/absent"), logins());
        refused("not an address", "postgres at home", logins());
    }

    private static void refused(String words, String url, Map<Login, Credentials> logins) {
        DatabaseSetupException e = assertThrows(DatabaseSetupException.class, () -> external(url, logins));
        assertTrue(e.toString().contains(words), e.toString());
    }

    @Test
    void passwordsAreNotShown() {
        assertEquals("sekisho_app", new Credentials("sekisho_app", "secret").toString());
    }

    @Test
    void theSetUpForAnAdministratorNamesEveryLogin() {
        String sql = DatabaseSetup.sql();
        for (Login login : Login.values()) {
            assertTrue(sql.contains("create role " + login.role()), sql);
            assertTrue(sql.contains("PASSWORD-OF-" + login.name()), sql);
        }
        assertTrue(sql.contains("nobypassrls") && sql.contains("create database sekisho owner sekisho_owner"), sql);
    }
}
