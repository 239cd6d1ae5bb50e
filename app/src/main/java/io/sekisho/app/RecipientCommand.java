package io.sekisho.app;

import io.sekisho.app.settings.Problem;
import io.sekisho.app.settings.RecipientFile;
import io.sekisho.app.settings.RoutesLimits;
import io.sekisho.control.tenancy.Change;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code sekisho recipient}: who exists in a customer's domain. */
@Command(
        name = "recipient",
        description = "Who exists in a customer's domain.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class RecipientCommand {
    private static final int PAGE = 500;

    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.", scope = ScopeType.INHERIT)
    private @Nullable Path config;

    RecipientCommand(Console console) {
        this.console = console;
    }

    @Command(description = "Lists a domain's recipients.", mixinStandardHelpOptions = true)
    int list(@Parameters(paramLabel = "TENANT") String tenant, @Parameters(paramLabel = "DOMAIN") String domain)
            throws StartException, InterruptedException {
        DomainName name = Typed.domain(domain);
        return OperatorSession.run(console, config, session -> {
            UUID id = session.tenant(tenant).id();
            String after = "";
            List<String> page;
            do {
                page = session.reader().recipients(id, name, after, PAGE);
                page.forEach(session::say);
                after = page.isEmpty()
                        ? after
                        : page.getLast().split(" alias of ", 2)[0].toLowerCase(java.util.Locale.ROOT);
            } while (page.size() == PAGE);
            return ExitCode.OK;
        });
    }

    @Command(description = "Puts recipients on the list.", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Parameters(paramLabel = "ADDRESS", arity = "0..*") @Nullable List<String> addresses,
            @Option(names = "--file", paramLabel = "FILE", description = "An address a line.") @Nullable Path file)
            throws StartException, InterruptedException {
        DomainName name = Typed.domain(domain);
        return change(tenant, new Change.AddRecipients(name, named(name, addresses, file)));
    }

    @Command(description = "One more address of a recipient.", mixinStandardHelpOptions = true)
    int alias(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "ALIAS") String alias,
            @Parameters(paramLabel = "ADDRESS") String of)
            throws StartException, InterruptedException {
        return change(tenant, new Change.AddAlias(Typed.address(alias), Typed.address(of)));
    }

    @Command(description = "Takes recipients off the list, with their aliases.", mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Parameters(paramLabel = "ADDRESS", arity = "0..*") @Nullable List<String> addresses,
            @Option(names = "--file", paramLabel = "FILE", description = "An address a line.") @Nullable Path file)
            throws StartException, InterruptedException {
        DomainName name = Typed.domain(domain);
        return change(tenant, new Change.RemoveRecipients(name, named(name, addresses, file)));
    }

    @Command(description = "The list is what the file says and nothing else.", mixinStandardHelpOptions = true)
    int replace(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Option(names = "--file", paramLabel = "FILE", required = true, description = "An address a line.")
                    Path file)
            throws StartException, InterruptedException {
        DomainName name = Typed.domain(domain);
        return change(tenant, new Change.ReplaceRecipients(name, named(name, null, file)));
    }

    private List<Mailbox> named(DomainName domain, @Nullable List<String> addresses, @Nullable Path file)
            throws StartException {
        List<Mailbox> mailboxes = new ArrayList<>(Typed.recipients(addresses == null ? List.of() : addresses, domain));
        if (file != null) {
            List<Problem> problems = new ArrayList<>();
            mailboxes.addAll(
                    RecipientFile.read(console.folder().resolve(file), domain, RoutesLimits.DEFAULT, problems));
            if (!problems.isEmpty()) {
                problems.forEach(console.err()::println);
                throw new StartException(ExitCode.DATA, "nothing was changed");
            }
        }
        if (mailboxes.isEmpty()) {
            throw new StartException(ExitCode.USAGE, "name addresses, or a file of them with --file");
        }
        return mailboxes;
    }

    private int change(String tenant, Change change) throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> session.change(tenant, change));
    }
}
