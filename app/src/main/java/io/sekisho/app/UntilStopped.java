package io.sekisho.app;

import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Lets something run until it ends or the process is told to stop, and stops it in good order. */
final class UntilStopped {
    private UntilStopped() {}

    static void run(Program.Running running) throws InterruptedException, StartException {
        AtomicBoolean ended = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running, ended.get()), "stop"));
        try {
            running.awaitEnd();
        } finally {
            ended.set(true);
        }
    }

    /** @param ended it has ended by itself: the program has a code to end with already */
    private static void stop(Program.Running running, boolean ended) {
        running.stop();
        // the mail log is written behind the scenes; what waits there is written now
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        if (loggers instanceof LoggerContext context) {
            context.stop();
        }
        if (!ended) {
            // stopped in good order, as asked: that is no failure, though the JVM would call it 143
            Runtime.getRuntime().halt(ExitCode.OK.number());
        }
    }
}
