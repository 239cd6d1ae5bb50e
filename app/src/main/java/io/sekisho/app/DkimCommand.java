package io.sekisho.app;

import io.sekisho.gateway.signing.PublishedKey;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sekisho dkim}: the records that belong in the DNS, so that our own mail is signed. */
@Command(
        name = "dkim",
        description = "The records that belong in the DNS, so that our own mail is signed; as lines of a zone file.",
        mixinStandardHelpOptions = true)
final class DkimCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.")
    private @Nullable Path config;

    DkimCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> {
            List<PublishedKey> keys = session.keys();
            if (keys.isEmpty()) {
                session.say("; no key yet: sekisho run makes the first ones within a minute");
            }
            for (PublishedKey key : keys) {
                session.say("; " + key.algorithm().tag() + ": " + key.state().words());
                session.say(key.zoneLine());
            }
            return ExitCode.OK;
        });
    }
}
