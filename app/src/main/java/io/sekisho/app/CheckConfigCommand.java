package io.sekisho.app;

import io.sekisho.app.settings.Problem;
import io.sekisho.app.settings.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sekisho check-config}: prints what was understood and all that is wrong. Starts nothing. */
@Command(
        name = "check-config",
        description = "Reads settings and routes, prints what was understood and what is wrong. Starts nothing.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.")
    private @Nullable Path config;

    CheckConfigCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReadSettings read = ReadSettings.read(config, console);
        console.out().println("Settings (" + read.source() + ")");
        table(read.settings().rows());
        read.settings().value().ifPresent(settings -> console.out().println("\nRoutes (" + settings.routes() + ")"));
        read.routes().ifPresent(routes -> table(routes.rows()));
        if (read.routes().isEmpty()) {
            console.out().println("\nRoutes are not looked at until the settings are right.");
        }
        return report(read.problems(), console);
    }

    /** Prints problems, if any. */
    static int report(List<Problem> problems, Console console) {
        console.out().flush();
        problems.forEach(console.err()::println);
        if (problems.isEmpty()) {
            console.out().println("\nAll right.");
            return ExitCode.OK.number();
        }
        console.err().println(problems.size() == 1 ? "1 problem." : problems.size() + " problems.");
        return ExitCode.CONFIG.number();
    }

    private void table(List<Reading.Row> rows) {
        int names = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        int values = rows.stream().mapToInt(row -> row.value().length()).max().orElse(0);
        for (Reading.Row row : rows) {
            console.out()
                    .println("  " + padded(row.name(), names) + "  " + padded(row.value(), Math.min(values, 60)) + "  "
                            + row.source());
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
