package io.sekisho.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.app.settings.RouteLine;
import io.sekisho.app.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line: what it starts, how it ends, what it says. */
class MainTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Object> started = new ArrayList<>();
    private @Nullable Exception surprise;

    @Test
    void versionAndHelpAreNoMistakes() {
        assertEquals(0, sekisho(Map.of(), "--version"));
        assertTrue(out.toString().matches("(?s)Sekisho \\d+\\.\\d+\\.\\d+ \\(Java 25.*\\)\\R"), out.toString());
        assertEquals(0, sekisho(Map.of(), "version"));
        assertEquals(0, sekisho(Map.of(), "--help"));
        assertTrue(out.toString().contains("check-config"));
        assertEquals("", err.toString());
    }

    @Test
    void aWrongCommandLineIsUsage() {
        assertEquals(64, sekisho(Map.of(), "fly"));
        assertEquals(64, sekisho(Map.of(), "run", "--confg=x"));
        assertEquals(64, sekisho(Map.of(), "demo", "--language=fr"));
        assertEquals(64, sekisho(Map.of()));
        assertTrue(err.toString().contains("Usage: sekisho"));
        assertEquals("", out.toString());
    }

    @Test
    void checkConfigShowsWhatItUnderstood() throws IOException {
        configure("smtp.sessions = 5000\n");
        assertEquals(0, sekisho(Map.of(), "check-config"));
        assertTrue(out.toString().contains("smtp.sessions              5000"), out.toString());
        assertTrue(out.toString().contains("hakone.example  hakone -> 192.0.2.10:25, every address"), out.toString());
        assertTrue(out.toString().contains("All right."));
        assertEquals("", err.toString());
    }

    @Test
    void checkConfigSaysWhatIsWrong() throws IOException {
        configure("smtp.sessions = x\n");
        assertEquals(78, sekisho(Map.of(), "check-config", "--config", "sekisho.conf"));
        assertTrue(err.toString().contains("sekisho.conf:1: smtp.sessions must be"), err.toString());
        assertTrue(out.toString().contains("Routes are not looked at"), out.toString());
        assertEquals(78, sekisho(Map.of(), "check-config", "--config", "none.conf"));
        assertTrue(err.toString().contains("none.conf: the settings file does not exist"), err.toString());
    }

    @Test
    void runStartsWithSettingsAndRoutes() throws IOException {
        configure("data = d\n");
        assertEquals(0, sekisho(Map.of(), "run"));
        assertEquals(folder.resolve("d"), ((Settings) started.getFirst()).data());
        assertEquals("hakone", ((RouteLine) started.get(1)).tenant());
        assertTrue(Files.isDirectory(folder.resolve("d/log")));
    }

    @Test
    void runStartsNothingWithBadSettings() throws IOException {
        configure("dato = d\n");
        assertEquals(78, sekisho(Map.of(), "run"));
        assertTrue(started.isEmpty());
        Files.delete(folder.resolve("routes.conf"));
        configure("routes = other.conf\n");
        assertEquals(78, sekisho(Map.of(), "run"));
        assertTrue(err.toString().contains("the routes file does not exist"), err.toString());
        assertTrue(started.isEmpty());
    }

    @Test
    void aRoutesFileThatNobodyNamedNeedNotBeThere() throws IOException {
        configure("data = d\n");
        Files.delete(folder.resolve("routes.conf"));
        assertEquals(0, sekisho(Map.of(), "run"));
        assertEquals(List.of(), started.subList(1, started.size()));
    }

    @Test
    void aLogThatCannotBeWrittenIsSaidBeforeAnythingStarts() throws IOException {
        configure("log = taken/sekisho.log\n");
        Files.writeString(folder.resolve("taken"), "a file, not a folder");
        assertEquals(73, sekisho(Map.of(), "run"));
        assertTrue(err.toString().contains("Cannot write the log"), err.toString());
        assertTrue(started.isEmpty());
    }

    @Test
    void whatTheOperatorCanMendHasNoStackTrace() throws IOException {
        configure("");
        surprise = new StartException(ExitCode.UNAVAILABLE, "Port 2525 is in use.");
        assertEquals(69, sekisho(Map.of(), "run"));
        assertEquals("sekisho: Port 2525 is in use.", err.toString().strip());
    }

    @Test
    void theDemoSpeaksTheReadersLanguage() {
        assertEquals(0, sekisho(Map.of("LANG", "ja_JP.UTF-8"), "demo"));
        assertEquals(0, sekisho(Map.of("LANG", "ja_JP.UTF-8", "LC_ALL", "C"), "demo", "--seed", "7"));
        assertEquals(0, sekisho(Map.of(), "demo", "--language", "ja", "--data", "kept"));
        assertEquals(
                List.of(
                        new Program.DemoOptions(Optional.empty(), Locale.JAPANESE, 1),
                        new Program.DemoOptions(Optional.empty(), Locale.ENGLISH, 7),
                        new Program.DemoOptions(Optional.of(folder.resolve("kept")), Locale.JAPANESE, 1)),
                started);
        assertFalse(err.toString().contains("sekisho:"));
    }

    @Test
    void aContractThatMakesNoSenseIsSaidBeforeTheDatabaseIsOpened() throws IOException {
        configure("data = d\n");
        assertEquals(65, sekisho(Map.of(), "tenant", "contract", "hakone", "--messages-per-minute", "0"));
        assertEquals(
                "sekisho: the limit of messages a minute must be a whole number from 1 to 1000000, not \"0\";"
                        + " the word none means no limit",
                err.toString().strip());
        assertEquals(
                65, sekisho(Map.of(), "tenant", "contract", "hakone", "--messages-per-minute-per-recipient", "many"));
        assertEquals(65, sekisho(Map.of(), "tenant", "contract", "hakone", "--domains", "-1"));
        assertEquals(64, sekisho(Map.of(), "tenant", "contract", "hakone", "--messages-per-hour", "1"));
        assertFalse(Files.exists(folder.resolve("d")));
    }

    private void configure(String settings) throws IOException {
        Files.writeString(folder.resolve("sekisho.conf"), settings);
        Files.writeString(folder.resolve("routes.conf"), "hakone.example hakone 192.0.2.10 recipients=*\n");
    }

    private int sekisho(Map<String, String> environment, String... arguments) {
        Console console = new Console(
                new PrintWriter(out, true), new PrintWriter(err, true), folder, environment, "gate.example");
        return Main.commandLine(console, new Recorder()).execute(arguments);
    }

    /** Takes note of what it is asked to start; it has ended at once. */
    private final class Recorder implements Program {
        @Override
        public Running start(Settings settings, List<RouteLine> routes) throws StartException {
            if (surprise instanceof StartException known) {
                throw known;
            }
            started.add(settings);
            started.addAll(routes);
            return new Ended();
        }

        @Override
        public Running demo(DemoOptions options) {
            started.add(options);
            return new Ended();
        }
    }

    private record Ended() implements Program.Running {
        @Override
        public void awaitEnd() {}

        @Override
        public void stop() {}
    }
}
