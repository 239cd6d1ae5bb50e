package io.sekisho.platform.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** Folders and bounds for tests of the embedded server. */
final class Folders {
    static final EmbeddedLimits LIMITS = new EmbeddedLimits(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            8,
            32,
            30);

    private Folders() {}

    /** A new folder that other accounts can pass through, or not. */
    static Path make(boolean passable) throws IOException {
        Path folder = Files.createTempDirectory("sekisho-db-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(passable ? "rwx--x--x" : "rwx------"));
        return folder;
    }

    /** Lets a little time pass before a condition is looked at again. */
    static void lookAgainSoon() throws InterruptedException {
        java.util.concurrent.TimeUnit.MILLISECONDS.sleep(10);
    }
}
