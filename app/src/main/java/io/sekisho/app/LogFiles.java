package io.sekisho.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells {@code logback.xml} where the log files are. To be called before anything is logged. */
final class LogFiles {
    private LogFiles() {}

    /** Makes their folders. @throws StartException when a file cannot be written */
    static void open(Path system, Path mail) throws StartException {
        for (Path file : new Path[] {system, mail}) {
            try {
                Path folder = file.getParent();
                if (folder != null) {
                    Files.createDirectories(folder);
                }
                if (Files.exists(file) && !Files.isWritable(file) || folder != null && !Files.isWritable(folder)) {
                    throw new IOException("it may not be written by this user");
                }
            } catch (IOException e) {
                throw new StartException(
                        ExitCode.CANNOT_CREATE,
                        "Cannot write the log " + file + ": " + e.getMessage()
                                + ". Change owner or mode of its folder, or set data or log to another place.",
                        e);
            }
        }
        System.setProperty("sekisho.log", system.toString());
        System.setProperty("sekisho.mail-log", mail.toString());
    }
}
