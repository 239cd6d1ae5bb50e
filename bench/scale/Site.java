import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One Sekisho in a folder of its own, run as users run it, and what it costs. */
final class Site implements AutoCloseable {
    private static final int WAIT_SECONDS = 120;

    /** Seconds of one core. */
    record Cpu(double jvm, double postgres) {
        Cpu since(Cpu before) {
            return new Cpu(jvm - before.jvm, postgres - before.postgres);
        }

        double all() {
            return jvm + postgres;
        }
    }

    /** Megabytes, shared pages counted in parts. */
    record Memory(double jvm, double postgres) {}

    final int port;
    private final Path root;
    private final Path home;
    private final String options;
    private Process process;
    private final Thread atExit = new Thread(this::kill);

    /** @param lines of the settings, @param options of the JVM */
    Site(Path root, String lines, String options) throws IOException {
        this.root = root;
        this.options = options;
        this.home = Files.createTempDirectory("sekisho-scale-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        this.port = freePort();
        Files.writeString(
                home.resolve("sekisho.conf"),
                "data = " + home + "/data\nhostname = gate.test\nnet.allowed = 127.0.0.0/8\nsmtp.listen = 127.0.0.1:" + port
                        + "\nsmtp.sessions-per-address = 12000\ntls = off\n" + lines);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private static int freePort() throws IOException {
        try (ServerSocket s = new ServerSocket(0)) {
            return s.getLocalPort();
        }
    }

    /** Starts it. @return seconds until its port answered */
    double start() throws Exception {
        long began = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(
                        root.resolve("sekisho").toString(), "run", "--config", home.resolve("sekisho.conf").toString())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("console.log").toFile()));
        builder.environment().put("SEKISHO_JAVA_OPTS", options);
        process = builder.start();
        while (!Client.answers(port)) {
            if (!process.isAlive() || System.nanoTime() - began > TimeUnit.SECONDS.toNanos(WAIT_SECONDS)) {
                throw new IOException("it does not start:\n" + Files.readString(home.resolve("console.log")));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** Asks it to stop and waits. */
    void stop() throws Exception {
        process.destroy();
        if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("it does not stop");
        }
    }

    /** Runs one of its commands. @return what it said */
    String command(String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(root.resolve("sekisho").toString(), words[0]));
        line.addAll(List.of("--config", home.resolve("sekisho.conf").toString()));
        line.addAll(List.of(words).subList(1, words.length));
        Process command = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        StringBuilder said = new StringBuilder();
        try (Reader r = new InputStreamReader(command.getInputStream(), StandardCharsets.UTF_8)) {
            for (int c = r.read(); c >= 0; c = r.read()) {
                said.append((char) c);
            }
        }
        if (command.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + ": " + said);
        }
        return said.toString();
    }

    Path log() {
        return home.resolve("data/log/sekisho.log");
    }

    /** The owner of the tables, as soon as there are any. */
    Connection owner() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        Path postgres = home.resolve("data/postgres");
        while (true) {
            try {
                Properties logins = new Properties();
                try (Reader r = Files.newBufferedReader(postgres.resolve("logins"))) {
                    logins.load(r);
                }
                String url = "jdbc:postgresql://127.0.0.1:" + Files.readString(postgres.resolve("port")).strip() + "/sekisho";
                Connection c = DriverManager.getConnection(url, "sekisho_owner", logins.getProperty("sekisho_owner"));
                if (number(c, "select (to_regclass('public.contract') is not null)::int") == 1) {
                    return c;
                }
                c.close();
            } catch (IOException | SQLException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    static long number(Connection c, String sql) throws SQLException {
        try (Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getLong(1);
        }
    }

    static void run(Connection c, String... statements) throws SQLException {
        try (Statement s = c.createStatement()) {
            for (String sql : statements) {
                s.execute(sql);
            }
        }
    }

    Cpu cpu() throws IOException {
        double server = 0;
        long postmaster = postmaster();
        if (postmaster > 0) {
            long[] own = ticks(postmaster);
            server = own[0] + own[1];
            for (long child : children(postmaster)) {
                server += ticks(child)[0];
            }
        }
        return new Cpu(ticks(process.pid())[0] / 100.0, server / 100.0);
    }

    Memory memory() throws IOException {
        long postmaster = postmaster();
        double server = pss(postmaster);
        for (long child : children(postmaster)) {
            server += pss(child);
        }
        return new Memory(pss(process.pid()), server);
    }

    private long postmaster() {
        try {
            return Long.parseLong(Files.readAllLines(home.resolve("data/postgres/cluster/postmaster.pid")).getFirst().strip());
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    private static List<Long> children(long parent) {
        return ProcessHandle.of(parent).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Of the process, and of its children that have ended. */
    private static long[] ticks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] f = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new long[] {Long.parseLong(f[11]) + Long.parseLong(f[12]), Long.parseLong(f[13]) + Long.parseLong(f[14])};
        } catch (IOException e) {
            return new long[2];
        }
    }

    private static double pss(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            return lines.filter(l -> l.startsWith("Pss:"))
                            .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    private void kill() {
        List<ProcessHandle> all = new ArrayList<>();
        ProcessHandle.of(postmaster()).ifPresent(p -> {
            all.add(p);
            all.addAll(p.children().toList());
        });
        if (process != null) {
            all.addFirst(process.toHandle());
        }
        for (ProcessHandle each : all) {
            each.destroyForcibly();
        }
        for (ProcessHandle each : all) {
            each.onExit().completeOnTimeout(each, 10, TimeUnit.SECONDS).join();
        }
        if (System.getenv("KEEP") != null) {
            System.err.println("kept: " + home);
            return;
        }
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        } catch (IOException | RuntimeException e) {
            System.err.println("scale: left behind " + home + ": " + e.getMessage());
        }
    }

    @Override
    public void close() throws Exception {
        if (process != null && process.isAlive()) {
            process.destroy();
            process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
        kill();
    }
}
