package io.sekisho.app;

import io.sekisho.control.tenancy.TenantReader.Audited;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sekisho audit}: who changed what of a customer, newest first. */
@Command(name = "audit", description = "Who changed what of a customer, newest first.", mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.")
    private @Nullable Path config;

    @Option(names = "--lines", paramLabel = "N", defaultValue = "50", description = "How many.")
    private int lines;

    @Parameters(paramLabel = "TENANT")
    private String tenant = "";

    AuditCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> {
            UUID id = session.tenant(tenant).id();
            List<Audited> audit = session.reader().audit(id, Long.MAX_VALUE, lines);
            for (Audited line : audit) {
                session.say(line.at() + "  " + line.actor() + "  " + line.change() + "  " + line.object()
                        + (line.before() == null || line.before().isEmpty() ? "" : "  was: " + line.before())
                        + (line.after() == null ? "" : "  now: " + line.after()));
            }
            return ExitCode.OK;
        });
    }
}
