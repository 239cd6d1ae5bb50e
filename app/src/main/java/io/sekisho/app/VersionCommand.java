package io.sekisho.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sekisho version}. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    private final Console console;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        for (String line : new Version().getVersion()) {
            console.out().println(line);
        }
        return ExitCode.OK.number();
    }
}
