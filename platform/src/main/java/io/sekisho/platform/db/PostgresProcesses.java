package io.sekisho.platform.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Processes of a PostgreSQL on our cluster that is not, or no longer, watched by us: a server outlives the program that started
 * it when that is killed, and its back ends outlive the server for a moment. Only a process whose working directory or
 * {@code -D} is our cluster is ever touched.
 *
 * @param home the folder
 * @param account under which signals are sent, so that they reach the server and hardly anything else
 * @param limits how long a stop may take
 */
record PostgresProcesses(PostgresHome home, ServerAccount account, EmbeddedLimits limits) {
    private static final System.Logger LOG = System.getLogger(PostgresProcesses.class.getName());
    private static final Duration SIGNAL = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    /** Stops what still runs on the cluster and removes a note about a process that is not ours. */
    void clear() throws IOException, InterruptedException, DatabaseSetupException {
        Optional<Long> noted = noted();
        if (noted.isPresent() && ours(noted.get())) {
            long pid = noted.get();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "stopping the PostgreSQL (process {0}) that an earlier run left behind",
                    Long.toString(pid));
            stop(pid, most -> ended(pid, most));
        }
        for (ProcessHandle rest : running()) {
            if (!ended(rest.pid(), limits.kill())) {
                rest.destroyForcibly();
            }
            if (!ended(rest.pid(), limits.kill())) {
                throw new DatabaseSetupException("process " + rest.pid() + " of an earlier PostgreSQL on "
                        + home.cluster() + " does not end: end it by hand");
            }
        }
        if (noted.isPresent() && ProcessHandle.of(noted.get()).isPresent()) {
            Files.deleteIfExists(
                    home.postmasterFile()); // the number has gone to a stranger: PostgreSQL would not start
        }
    }

    /** Stops our own child fast, then hard, then kills it. */
    void stop(Process server) throws InterruptedException {
        if (server.isAlive()) {
            stop(server.pid(), most -> server.waitFor(most.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void stop(long pid, Wait wait) throws InterruptedException {
        signal("INT", pid);
        if (wait.ended(limits.stop())) {
            return;
        }
        LOG.log(System.Logger.Level.WARNING, "PostgreSQL does not stop: stopping it without a checkpoint");
        signal("QUIT", pid);
        if (!wait.ended(limits.kill())) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            wait.ended(limits.kill());
        }
    }

    /** Waits for the end of a process. */
    private interface Wait {
        boolean ended(Duration most) throws InterruptedException;
    }

    /** Waits until the process is gone; one that has ended but that nobody has asked about counts as gone. */
    private boolean ended(long pid, Duration most) throws InterruptedException {
        for (long looks = most.dividedBy(LOOK_AGAIN); looks > 0 && ours(pid); looks--) {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
        }
        return !ours(pid);
    }

    /** The process in the server's note. */
    private Optional<Long> noted() throws IOException {
        if (!Files.isRegularFile(home.postmasterFile())) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(home.postmasterFile(), StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(lines.getFirst().strip()));
    }

    private List<ProcessHandle> running() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(p -> ours(p.pid())).toList();
        }
    }

    /** Whether the process runs PostgreSQL on our cluster. */
    private boolean ours(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            List<String> command =
                    Arrays.asList(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                            .split("\0"));
            if (!command.getFirst().contains("postgres")) {
                return false;
            }
            String cluster = home.cluster().toString();
            int data = command.indexOf("-D");
            if (data > 0 && data + 1 < command.size()) {
                return command.get(data + 1).equals(cluster);
            }
            return Files.isSameFile(Files.readSymbolicLink(process.resolve("cwd")), home.cluster());
        } catch (IOException e) {
            return false; // gone, or hidden from us: then it is not one of ours
        }
    }

    private void signal(String name, long pid) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder(
                            account.command("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(pid)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL.toMillis(), TimeUnit.MILLISECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot send a signal to PostgreSQL", e);
        }
    }
}
