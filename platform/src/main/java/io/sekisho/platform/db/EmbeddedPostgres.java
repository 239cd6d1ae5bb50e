package io.sekisho.platform.db;

import io.sekisho.platform.net.LoopbackPort;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A PostgreSQL of our own in one folder: unpacked, made, started, watched and stopped by this class. It listens on 127.0.0.1
 * only, wants passwords, and is always durable: a server with {@code fsync} off is not used. When it dies it is started again
 * on the same port until {@link #close}.
 *
 * <p>One thread owns the server process from the first start to the last stop.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final PostgresHome home;
    private final EmbeddedLimits limits;
    private final InstantSource clock;
    private final PostgresCluster cluster;
    private final PostgresProcesses processes;
    private final FileChannel lock;
    private final int port;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final Thread keeper;
    private volatile PostgresStatus status;

    private EmbeddedPostgres(
            PostgresCluster cluster,
            PostgresProcesses processes,
            FileChannel lock,
            InstantSource clock,
            RandomGenerator random)
            throws IOException, InterruptedException, DatabaseSetupException {
        this.home = cluster.home();
        this.limits = cluster.limits();
        this.clock = clock;
        this.cluster = cluster;
        this.processes = processes;
        this.lock = lock;
        processes.clear();
        int chosen = cluster.port(random);
        Process first = null;
        for (int choice = 1; first == null; choice++) {
            cluster.configure(chosen);
            try {
                first = launch(chosen);
            } catch (DatabaseSetupException e) {
                if (choice == limits.portChoices() || LoopbackPort.free(chosen)) {
                    throw e;
                }
                chosen = cluster.port(random); // somebody took it since we looked
            }
        }
        this.port = chosen;
        this.status = new PostgresStatus(PostgresStatus.State.RUNNING, port, 0, "");
        Process running = first;
        this.keeper = Thread.ofPlatform().daemon().name("postgres-keeper").start(() -> keep(running));
    }

    /**
     * Starts the server in the folder; at first it is unpacked and made there. A server that an earlier run left behind is
     * stopped before.
     *
     * @param directory the folder, made if need be; nobody else may put anything there
     * @param random for the passwords and the port; must be hard to guess
     * @param clock tells how long a server has run
     * @param progress is told of steps that take a while
     * @throws DatabaseSetupException when it cannot be started, with what to do
     */
    public static EmbeddedPostgres start(
            Path directory,
            EmbeddedLimits limits,
            RandomGenerator random,
            InstantSource clock,
            Consumer<String> progress)
            throws IOException, InterruptedException, DatabaseSetupException {
        Files.createDirectories(directory);
        PostgresHome home = new PostgresHome(directory.toRealPath());
        Files.setPosixFilePermissions(home.root(), PostgresCluster.passable());
        FileChannel lock = lock(home);
        try {
            PostgresPrograms programs = PostgresPrograms.unpack(home, progress);
            ServerAccount account = ServerAccount.choose(home);
            PostgresCluster cluster = new PostgresCluster(home, programs, account, limits);
            cluster.prepare(random, progress);
            progress.accept("starting the database");
            return new EmbeddedPostgres(cluster, new PostgresProcesses(home, account, limits), lock, clock, random);
        } catch (AccessDeniedException e) {
            lock.close();
            throw new DatabaseSetupException(
                    "no right to use " + e.getFile() + ": start this program as the user who made the database", e);
        } catch (IOException | InterruptedException | DatabaseSetupException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Whether a running program uses the server in this folder. */
    public static boolean inUse(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try {
            lock(new PostgresHome(directory.toRealPath())).close();
            return false;
        } catch (DatabaseSetupException e) {
            return true;
        }
    }

    private static FileChannel lock(PostgresHome home) throws IOException, DatabaseSetupException {
        FileChannel channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock taken = null;
        try {
            taken = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.log(System.Logger.Level.DEBUG, "locked by this very program", e);
        }
        if (taken == null) {
            channel.close();
            throw new DatabaseSetupException("another running program uses the database in " + home.root()
                    + ": stop it, or choose another folder");
        }
        return channel;
    }

    /** The address of a database on this server. */
    public String url(String database) {
        return url(port, database);
    }

    static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The superuser's name and password, for setting up databases and logins. */
    public Credentials superuser() throws IOException {
        return new Credentials(PostgresCluster.SUPERUSER, cluster.superuserPassword());
    }

    /** The files of this server. */
    PostgresHome home() {
        return home;
    }

    /** How it is doing. */
    public PostgresStatus status() {
        return status;
    }

    /** Starts the server and waits until it answers. @throws DatabaseSetupException when it does not, or must not be used; it is stopped then */
    private Process launch(int onPort) throws IOException, InterruptedException, DatabaseSetupException {
        List<String> command = new ArrayList<>();
        command.add("setsid"); // an interrupt typed at the terminal stops us first, and then we stop the server
        command.addAll(cluster.account()
                .command(
                        cluster.programs().program("postgres"),
                        "-D",
                        home.cluster().toString(),
                        "-c",
                        "config_file=" + home.configuration()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.startLog().toFile());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        Process process = builder.start();
        boolean good = false;
        try {
            awaitReady(process);
            String url = "jdbc:postgresql://127.0.0.1:" + onPort + "/postgres";
            DatabaseChecks.durable(DatabaseChecks.connect(url, superuser(), "embedded database"));
            good = true;
            return process;
        } finally {
            if (!good) {
                processes.stop(process);
            }
        }
    }

    private void awaitReady(Process process) throws InterruptedException, DatabaseSetupException {
        long looks = limits.start().dividedBy(LOOK_AGAIN);
        for (long look = 0; look < looks; look++) {
            if (process.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DatabaseSetupException("PostgreSQL does not start: " + cluster.lastWords());
            }
            if (cluster.ready(process.pid())) {
                return;
            }
            if (closing.isDone()) {
                throw new DatabaseSetupException("stopped while starting");
            }
        }
        throw new DatabaseSetupException(
                "PostgreSQL was not ready after " + limits.start().toSeconds() + " seconds: " + cluster.lastWords());
    }

    /** Waits for the end of the server or of us, again and again. */
    private void keep(Process first) {
        Process process = first;
        Duration wait = limits.restartFirst();
        try {
            while (true) {
                Instant since = clock.instant();
                CompletableFuture.anyOf(process.onExit(), closing).join();
                if (closing.isDone()) {
                    break;
                }
                if (Duration.between(since, clock.instant()).compareTo(limits.steady()) >= 0) {
                    wait = limits.restartFirst();
                }
                trouble("PostgreSQL ended with status " + process.exitValue());
                boolean again = false;
                while (!again && !closed(wait)) {
                    wait = longer(wait);
                    try {
                        processes.clear();
                        process = launch(port);
                        again = true;
                        running();
                    } catch (IOException | DatabaseSetupException | RuntimeException e) {
                        trouble("PostgreSQL cannot be started again: " + e.getMessage());
                    }
                }
            }
            processes.stop(process);
        } catch (InterruptedException e) {
            trouble("nobody watches PostgreSQL any more: " + e.getMessage());
        }
    }

    private Duration longer(Duration wait) {
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(limits.restartMost()) < 0 ? twice : limits.restartMost();
    }

    /** Waits, but not beyond the close. @return whether we are closed */
    private boolean closed(Duration wait) throws InterruptedException {
        try {
            closing.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void trouble(String words) {
        LOG.log(System.Logger.Level.ERROR, words);
        status = new PostgresStatus(PostgresStatus.State.RESTARTING, port, status.restarts(), words);
    }

    private void running() {
        int restarts = status.restarts() + 1;
        status = new PostgresStatus(PostgresStatus.State.RUNNING, port, restarts, status.trouble());
        LOG.log(
                System.Logger.Level.WARNING,
                String.format(Locale.ROOT, "PostgreSQL runs again (restart %d since our start)", restarts));
    }

    /** Stops the server and returns when it has ended. Any thread may call it, any number of times. */
    @Override
    public void close() throws IOException {
        closing.complete(null);
        boolean interrupted = false;
        while (keeper.isAlive()) {
            try {
                keeper.join();
            } catch (InterruptedException e) {
                interrupted = true; // a server that runs on would be an orphan: the stop is bounded, so wait for it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        status = new PostgresStatus(PostgresStatus.State.STOPPED, port, status.restarts(), status.trouble());
        lock.close();
    }
}
