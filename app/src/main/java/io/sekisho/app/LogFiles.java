package io.sekisho.app;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Tells {@code logback.xml} where the log files are. What is logged before goes to the console alone. */
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
        reopen();
    }

    /** The JDK itself asks for a logger when a certificate is read, and settings may name one: the files were unknown then. */
    private static void reopen() throws StartException {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            try {
                context.reset();
                new ContextInitializer(context).autoConfig();
            } catch (JoranException e) {
                throw new StartException(ExitCode.IO, "The logs cannot be set up: " + e.getMessage(), e);
            }
        }
    }
}
