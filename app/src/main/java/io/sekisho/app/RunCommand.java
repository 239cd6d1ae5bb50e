package io.sekisho.app;

import io.sekisho.app.settings.Problem;
import io.sekisho.app.settings.RouteLine;
import io.sekisho.app.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sekisho run}: the gateway, until it is told to stop (SIGTERM, Ctrl-C). */
@Command(name = "run", description = "Runs the gateway until it is told to stop.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Console console;
    private final Program program;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.")
    private @Nullable Path config;

    RunCommand(Console console, Program program) {
        this.console = console;
        this.program = program;
    }

    @Override
    public Integer call() throws StartException, InterruptedException {
        ReadSettings read = ReadSettings.read(config, console);
        List<Problem> problems = read.problems();
        Settings settings = read.settings().value().orElse(null);
        List<RouteLine> routes =
                read.routes().flatMap(reading -> reading.value()).orElse(null);
        if (!problems.isEmpty() || settings == null || routes == null) {
            return CheckConfigCommand.report(problems, console);
        }
        LogFiles.open(settings.log(), settings.mailLog());
        UntilStopped.run(program.start(settings, routes));
        return ExitCode.OK.number();
    }
}
