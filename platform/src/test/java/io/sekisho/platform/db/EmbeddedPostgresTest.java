package io.sekisho.platform.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EmbeddedPostgresTest {
    private static Path folder;
    private static PostgresHome home;

    @BeforeAll
    static void first() throws Exception {
        folder = Folders.make(true);
        List<String> progress = new ArrayList<>();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(
                folder, Folders.LIMITS, new SecureRandom(), InstantSource.system(), progress::add)) {
            home = server.home();
            assertEquals("on", ask(server, "show data_checksums"));
            assertEquals("UTF8", ask(server, "show server_encoding"));
            assertEquals("C.UTF-8", ask(server, "select datlocale from pg_database where datname = 'template1'"));
        }
        assertEquals(3, progress.size(), progress::toString);
        assertTrue(progress.getFirst().startsWith("unpacking PostgreSQL 18."), progress::toString);
    }

    @AfterAll
    static void remove() throws IOException {
        PostgresPrograms.deleteTree(folder);
    }

    private static EmbeddedPostgres start() throws Exception {
        return EmbeddedPostgres.start(folder, Folders.LIMITS, new SecureRandom(), InstantSource.system(), s -> {});
    }

    private static String ask(EmbeddedPostgres server, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        server.url("postgres"),
                        server.superuser().user(),
                        server.superuser().password());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static void run(EmbeddedPostgres server, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        server.url("postgres"),
                        server.superuser().user(),
                        server.superuser().password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(home.postmasterFile()).getFirst());
    }

    @Test
    void aSecondStartKeepsPortAndData() throws Exception {
        int port;
        try (EmbeddedPostgres server = start()) {
            port = server.status().port();
            run(server, "create table if not exists kept as select 42 as n");
        }
        try (EmbeddedPostgres server = start()) {
            assertEquals(port, server.status().port());
            assertEquals("42", ask(server, "select n from kept"));
            assertEquals(PostgresStatus.State.RUNNING, server.status().state());
        }
    }

    @Test
    void closeEndsTheServerAndMayBeRepeated() throws Exception {
        EmbeddedPostgres server = start();
        long pid = postmaster();
        server.close();
        server.close();
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertFalse(Files.exists(home.postmasterFile()), "a clean stop removes the server's note");
        assertEquals(PostgresStatus.State.STOPPED, server.status().state());
    }

    @Test
    void secretsArePrivateAndTheServerIsNotRoot() throws Exception {
        try (EmbeddedPostgres server = start()) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.superuser())));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.cluster())));
            int uid = (Integer) Files.getAttribute(Path.of("/proc/" + postmaster()), "unix:uid");
            assertNotEquals(0, uid);
            assertEquals(uid, Files.getAttribute(home.cluster(), "unix:uid", LinkOption.NOFOLLOW_LINKS));
            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> DriverManager.getConnection(server.url("postgres"), PostgresCluster.SUPERUSER, "guess"));
            assertEquals("28P01", refused.getSQLState());
        }
    }

    @Test
    void aFolderInUseIsRefused() throws Exception {
        try (EmbeddedPostgres server = start()) {
            DatabaseSetupException e = assertThrows(DatabaseSetupException.class, EmbeddedPostgresTest::start);
            assertTrue(e.toString().contains("another running program"), e.toString());
            assertEquals("1", ask(server, "select 1"));
        }
    }

    @Test
    void aServerWithoutFsyncIsRefusedAndStopped() throws Exception {
        Path overriding = home.cluster().resolve("postgresql.auto.conf");
        String before = Files.readString(overriding);
        Files.writeString(overriding, "fsync = off\n", StandardOpenOption.APPEND);
        try {
            DatabaseSetupException e = assertThrows(DatabaseSetupException.class, EmbeddedPostgresTest::start);
            assertTrue(e.toString().contains("fsync = off"), e.toString());
            assertFalse(Files.exists(home.postmasterFile()), "it runs on");
        } finally {
            Files.writeString(overriding, before);
        }
    }

    @Test
    void aTakenPortIsLeftForANewOne() throws Exception {
        int port;
        try (EmbeddedPostgres server = start()) {
            port = server.status().port();
        }
        try (ServerSocket stranger = new ServerSocket()) {
            stranger.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            try (EmbeddedPostgres server = start()) {
                assertNotEquals(port, server.status().port());
                assertEquals("1", ask(server, "select 1"));
            }
        }
    }

    @Test
    void aKilledServerComesBackOnItsPort() throws Exception {
        try (EmbeddedPostgres server = start()) {
            int port = server.status().port();
            run(server, "create table if not exists survived as select 7 as n");
            ProcessHandle.of(postmaster()).orElseThrow().destroyForcibly();
            awaitRestart(server, 1);
            assertEquals("7", ask(server, "select n from survived"));
            assertEquals(port, server.status().port());
            assertTrue(server.status().trouble().contains("137"), server.status()::toString);
        }
    }

    private static void awaitRestart(EmbeddedPostgres server, int restarts) throws InterruptedException {
        for (int i = 0; i < 6_000 && server.status().restarts() < restarts; i++) {
            Folders.lookAgainSoon();
        }
        assertEquals(restarts, server.status().restarts(), server.status()::toString);
    }

    @Test
    void anOrphanOfAKilledProgramIsStoppedAndTheDataKept() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Launcher.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = program.inputReader(StandardCharsets.UTF_8)) {
            assertTrue(said.lines().anyMatch(l -> l.equals("ready")), "the program does not start the server");
        } finally {
            program.destroyForcibly().waitFor();
        }
        long orphan = postmaster();
        assertTrue(ProcessHandle.of(orphan).orElseThrow().isAlive(), "the server ended with its program");
        try (EmbeddedPostgres server = start()) {
            assertNotEquals(orphan, postmaster());
            assertEquals("11", ask(server, "select n from of_the_program"));
        }
    }

    /** A program that starts the server and waits to be killed. */
    static final class Launcher {
        private Launcher() {}

        public static void main(String[] folder) throws Exception {
            EmbeddedPostgres server = EmbeddedPostgres.start(
                    Path.of(folder[0]), Folders.LIMITS, new SecureRandom(), InstantSource.system(), s -> {});
            run(server, "create table if not exists of_the_program as select 11 as n");
            System.out.println("ready");
            assertFalse(new CountDownLatch(1).await(180, TimeUnit.SECONDS));
        }
    }

    @Test
    void aNoteOfAStrangersProcessIsNotTouched() throws Exception {
        start().close();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(home.postmasterFile(), stranger.pid() + "\n" + home.cluster() + "\n1\n1\n\n127.0.0.1\n");
            try (EmbeddedPostgres server = start()) {
                assertEquals("1", ask(server, "select 1"));
            }
            assertTrue(stranger.isAlive(), "a process that is not ours was ended");
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void anotherMajorVersionIsRefused() throws Exception {
        Path version = home.cluster().resolve("PG_VERSION");
        String before = Files.readString(version);
        Files.writeString(version, "17\n");
        try {
            DatabaseSetupException e = assertThrows(DatabaseSetupException.class, EmbeddedPostgresTest::start);
            assertTrue(e.toString().contains("PostgreSQL 17") && e.toString().contains("backup"), e.toString());
        } finally {
            Files.writeString(version, before);
        }
    }

    @Test
    void aStartThatFailsTellsTheServersWords() throws Exception {
        Path overriding = home.cluster().resolve("postgresql.auto.conf");
        String before = Files.readString(overriding);
        Files.writeString(overriding, "no_such_setting = 1\n", StandardOpenOption.APPEND);
        try {
            DatabaseSetupException e = assertThrows(DatabaseSetupException.class, EmbeddedPostgresTest::start);
            assertTrue(e.toString().contains("no_such_setting"), e.toString());
        } finally {
            Files.writeString(overriding, before);
        }
    }
}
