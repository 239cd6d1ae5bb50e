package io.sekisho.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogFilesTest {
    private static final String CONFIGURATION = "logback.configurationFile";

    @TempDir
    Path folder;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @AfterEach
    void asBefore() throws Exception {
        for (String property : List.of(CONFIGURATION, "sekisho.log", "sekisho.mail-log")) {
            System.clearProperty(property);
        }
        context.reset();
        new ContextInitializer(context).autoConfig();
    }

    @Test
    void theFilesAreThoseOfTheSettingsThoughALoggerWasThereBefore() throws Exception {
        System.setProperty(CONFIGURATION, "logback.xml");
        System.Logger before = System.getLogger("mail");
        Path mail = folder.resolve("log/mail.log");
        LogFiles.open(folder.resolve("log/sekisho.log"), mail);
        before.log(System.Logger.Level.INFO, "accepted id=1");
        context.stop();
        List<String> lines = Files.readAllLines(mail);
        assertEquals(1, lines.size(), lines::toString);
        assertEquals("accepted id=1", lines.getFirst().split(" ", 2)[1]);
    }
}
