package io.sekisho.app;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sekisho demo}: the gateway with a pretend internet around it, in one process. */
@Command(
        name = "demo",
        description =
                "Runs the gateway with a pretend internet, two customers and sample mail. Needs no network and no root.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private final Console console;
    private final Program program;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Folder to work in and keep (default: a temporary one).")
    private @Nullable Path data;

    @Option(names = "--language", paramLabel = "ja|en", description = "Language (default: that of the environment).")
    private @Nullable Language language;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of its chances (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    DemoCommand(Console console, Program program) {
        this.console = console;
        this.program = program;
    }

    /** The languages it speaks. */
    enum Language {
        ja,
        en
    }

    @Override
    public Integer call() throws StartException, InterruptedException {
        Optional<Path> folder = Optional.ofNullable(data).map(console.folder()::resolve);
        UntilStopped.run(program.demo(new Program.DemoOptions(folder, locale(), seed)));
        return ExitCode.OK.number();
    }

    private Locale locale() {
        if (language != null) {
            return language == Language.ja ? Locale.JAPANESE : Locale.ENGLISH;
        }
        // the first of these that is set decides (POSIX, section 8.2)
        for (String name : new String[] {"LC_ALL", "LC_MESSAGES", "LANG"}) {
            String value = console.environment().getOrDefault(name, "");
            if (!value.isEmpty()) {
                return value.startsWith("ja") ? Locale.JAPANESE : Locale.ENGLISH;
            }
        }
        return Locale.ENGLISH;
    }
}
