package io.sekisho.app;

import io.sekisho.control.tenancy.Change;
import io.sekisho.gateway.policy.Route;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code sekisho route}: mail servers of a customer's domain. {@code sekisho domain list} shows them. */
@Command(
        name = "route",
        description = "Mail servers of a customer's domain; \"sekisho domain list\" shows them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class RouteCommand {
    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.", scope = ScopeType.INHERIT)
    private @Nullable Path config;

    RouteCommand(Console console) {
        this.console = console;
    }

    @Command(description = "Adds a mail server, or gives it another preference.", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Parameters(paramLabel = "HOST[:PORT]") String server,
            @Option(
                            names = "--preference",
                            paramLabel = "N",
                            defaultValue = "10",
                            description = "Lower is asked earlier; equal ones share the mail.")
                    int preference)
            throws StartException, InterruptedException {
        return change(tenant, new Change.PutRoute(Typed.domain(domain), new Route(preference, Typed.nextHop(server))));
    }

    @Command(description = "Takes a mail server away.", mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Parameters(paramLabel = "HOST[:PORT]") String server)
            throws StartException, InterruptedException {
        return change(tenant, new Change.RemoveRoute(Typed.domain(domain), Typed.nextHop(server)));
    }

    private int change(String tenant, Change change) throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> session.change(tenant, change));
    }
}
