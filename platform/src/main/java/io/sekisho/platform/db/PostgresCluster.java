package io.sekisho.platform.db;

import io.sekisho.platform.net.LoopbackPort;
import io.sekisho.platform.secret.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The files of one cluster: made once, checked at each start.
 *
 * @param home where they are
 * @param programs the server's programs
 * @param account who owns the cluster
 * @param limits bounds
 */
record PostgresCluster(PostgresHome home, PostgresPrograms programs, ServerAccount account, EmbeddedLimits limits) {
    /** The superuser. */
    static final String SUPERUSER = "sekisho_superuser";

    /** Ports are chosen below the range that systems use for outgoing connections, so that these do not take ours. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;

    /** Octets of a log that are looked at for a message. */
    private static final int LAST_WORDS = 8192;

    /** Makes the cluster if there is none. One that was not finished is made anew. */
    void prepare(RandomGenerator random, Consumer<String> progress)
            throws IOException, InterruptedException, DatabaseSetupException {
        Path cluster = home.cluster();
        if (Files.isDirectory(cluster)) {
            String made = Files.readString(cluster.resolve("PG_VERSION"), StandardCharsets.US_ASCII)
                    .strip();
            if (!made.equals(programs.major())) {
                throw new DatabaseSetupException("the database in " + cluster + " was made by PostgreSQL " + made
                        + ", and this program brings PostgreSQL " + programs.major()
                        + ", which cannot read it: go back to the program that made it, write a backup with it,"
                        + " and restore the backup with this one in a new folder");
            }
            if (!Files.exists(home.superuser())) {
                throw new DatabaseSetupException("the file " + home.superuser()
                        + " with the password of the database is missing: restore it from a backup of the folder");
            }
            return;
        }
        progress.accept("making the database");
        SecretFile.write(home.superuser(), SecretFile.password(random) + "\n", "rw-------");
        Path unfinished = home.unfinishedCluster();
        PostgresPrograms.deleteTree(unfinished);
        Files.createDirectory(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.own(unfinished);
        initialise(unfinished);
        Files.move(unfinished, cluster, StandardCopyOption.ATOMIC_MOVE);
        SecretFile.syncDirectory(home.root());
    }

    private void initialise(Path directory) throws IOException, InterruptedException, DatabaseSetupException {
        Path password = home.root().resolve("initdb-password");
        Path output = home.startLog();
        try {
            SecretFile.write(password, superuserPassword(), "rw-------");
            account.own(password);
            Process initdb = new ProcessBuilder(account.command(
                            programs.program("initdb"),
                            "--pgdata=" + directory,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--data-checksums",
                            "--no-instructions"))
                    .directory(home.root().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!initdb.waitFor(limits.initialise().toMillis(), TimeUnit.MILLISECONDS)) {
                initdb.destroyForcibly();
                throw new DatabaseSetupException("making the database in " + directory + " took more than "
                        + limits.initialise().toSeconds() + " seconds");
            }
            if (initdb.exitValue() != 0) {
                throw new DatabaseSetupException("the database cannot be made in " + directory + ": " + tail(output));
            }
        } finally {
            Files.deleteIfExists(password);
        }
    }

    /** Writes the configuration for the port. */
    void configure(int port) throws IOException {
        SecretFile.write(home.access(), PostgresConfiguration.access(), "rw-r--r--");
        SecretFile.write(home.configuration(), PostgresConfiguration.settings(home, port, limits), "rw-r--r--");
    }

    /** The port in the file if it is free, else a new one, which is written to the file. */
    int port(RandomGenerator random) throws IOException, DatabaseSetupException {
        if (Files.exists(home.port())) {
            String text =
                    Files.readString(home.port(), StandardCharsets.US_ASCII).strip();
            if (text.matches("\\d{1,5}") && LoopbackPort.free(Integer.parseInt(text))) {
                return Integer.parseInt(text);
            }
        }
        for (int choice = 0; choice < limits.portChoices(); choice++) {
            int port = FIRST_PORT + random.nextInt(PORTS);
            if (LoopbackPort.free(port)) {
                SecretFile.write(home.port(), port + "\n", "rw-r--r--");
                return port;
            }
        }
        throw new DatabaseSetupException("no free port for PostgreSQL: " + limits.portChoices() + " from " + FIRST_PORT
                + " to " + (FIRST_PORT + PORTS - 1) + " were tried and all were taken");
    }

    /** The superuser's password. */
    String superuserPassword() throws IOException {
        return Files.readString(home.superuser(), StandardCharsets.US_ASCII).strip();
    }

    /** Whether the server with this process number says that it is ready; it notes that in line 8 of its file. */
    boolean ready(long pid) {
        try {
            List<String> lines = Files.readAllLines(home.postmasterFile(), StandardCharsets.UTF_8);
            return lines.size() > 7
                    && lines.getFirst().strip().equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException e) {
            return false; // not yet there
        }
    }

    /** What the server last said, for a message to the administrator. */
    String lastWords() {
        String log = "";
        Path current = home.cluster().resolve("current_logfiles");
        try {
            String[] words =
                    Files.readString(current, StandardCharsets.UTF_8).strip().split(" ", 2);
            log = words.length == 2 ? tail(home.cluster().resolve(words[1])) : "";
        } catch (IOException e) {
            // the log had not been opened
        }
        return (tail(home.startLog()) + " " + log).strip();
    }

    /** The last lines of a file. A link is not followed: the server's account could have put it there. */
    private static String tail(Path file) {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            channel.position(Math.max(0, channel.size() - LAST_WORDS));
            ByteBuffer octets = ByteBuffer.allocate(LAST_WORDS);
            while (octets.hasRemaining() && channel.read(octets) >= 0) {
                // until it is full or the file ends
            }
            List<String> lines = new String(octets.array(), 0, octets.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /** The permissions that let the server's account pass through the folder but not list it. */
    static Set<PosixFilePermission> passable() {
        return PosixFilePermissions.fromString("rwx--x--x");
    }
}
