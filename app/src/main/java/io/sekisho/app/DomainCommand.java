package io.sekisho.app;

import io.sekisho.control.tenancy.Change;
import io.sekisho.control.tenancy.TenantReader.Domain;
import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.gateway.policy.Route;
import io.sekisho.mail.address.DomainName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code sekisho domain}: domains of a customer. */
@Command(
        name = "domain",
        description = "Domains of a customer.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class DomainCommand {
    private static final int PAGE = 500;

    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.", scope = ScopeType.INHERIT)
    private @Nullable Path config;

    DomainCommand(Console console) {
        this.console = console;
    }

    @Command(description = "Lists a tenant's domains with their mail servers.", mixinStandardHelpOptions = true)
    int list(@Parameters(paramLabel = "TENANT") String tenant) throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> {
            UUID id = session.tenant(tenant).id();
            String after = "";
            List<Domain> page;
            do {
                page = session.reader().domains(id, after, PAGE);
                page.forEach(domain -> show(session, domain));
                after = page.isEmpty() ? after : page.getLast().name().ascii();
            } while (page.size() == PAGE);
            return ExitCode.OK;
        });
    }

    private static void show(OperatorSession session, Domain domain) {
        session.say(domain.name() + "  " + domain.state()
                + (domain.aliasOf() == null ? "" : "  alias of " + domain.aliasOf())
                + "  recipients: " + domain.recipients() + " listed, others " + others(domain));
        for (Route route : domain.routes()) {
            session.say("    " + route.preference() + "  " + route.hop());
        }
        if (domain.routes().isEmpty() && domain.aliasOf() == null) {
            session.say("    no mail server yet: sekisho route add");
        }
    }

    private static String others(Domain domain) {
        return switch (domain.unlisted()) {
            case "listed" -> "refused";
            case "everyone" -> "taken too";
            case "asked" -> "asked of the mail server";
            default -> "asked of the mail server and learned until " + domain.learnedUntil();
        };
    }

    @Command(
            description = "Claims a domain for a tenant. It is not routed until it is proven.",
            mixinStandardHelpOptions = true)
    int claim(@Parameters(paramLabel = "TENANT") String tenant, @Parameters(paramLabel = "DOMAIN") String domain)
            throws StartException, InterruptedException {
        return change(tenant, new Change.ClaimDomain(Typed.domain(domain)));
    }

    @Command(
            description = "Says that a tenant's claim is proven: its mail is taken from now on.",
            mixinStandardHelpOptions = true)
    int prove(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Option(names = "--evidence", paramLabel = "TEXT", required = true, description = "How, for the audit.")
                    String evidence)
            throws StartException, InterruptedException {
        return change(tenant, new Change.ProveDomain(Typed.domain(domain), evidence));
    }

    @Command(description = "Gives a domain up, with its mail servers and recipients.", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "TENANT") String tenant, @Parameters(paramLabel = "DOMAIN") String domain)
            throws StartException, InterruptedException {
        return change(tenant, new Change.RemoveDomain(Typed.domain(domain)));
    }

    @Command(
            description = "Addresses of DOMAIN mean those of the OTHER one; of itself again without OTHER.",
            mixinStandardHelpOptions = true)
    int alias(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Parameters(paramLabel = "OTHER", arity = "0..1") @Nullable String other)
            throws StartException, InterruptedException {
        DomainName of = other == null ? null : Typed.domain(other);
        return change(tenant, new Change.DomainAlias(Typed.domain(domain), of));
    }

    @Command(
            description = "What is done with recipients that are not listed: refused (listed), taken (everyone),"
                    + " asked of the mail server (asked), asked and put on the list for some days (learned).",
            mixinStandardHelpOptions = true)
    int unlisted(
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Parameters(paramLabel = "listed|everyone|asked|learned") RecipientMode mode,
            @Option(names = "--days", paramLabel = "N", defaultValue = "14", description = "Of learning.") int days)
            throws StartException, InterruptedException {
        if (days < 1 || days > 365) {
            throw new StartException(ExitCode.DATA, "learning takes 1 to 365 days, not " + days);
        }
        Instant until =
                mode == RecipientMode.LEARNED ? Clock.systemUTC().instant().plus(Duration.ofDays(days)) : null;
        return change(tenant, new Change.UnlistedRecipients(Typed.domain(domain), mode, until));
    }

    private int change(String tenant, Change change) throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> session.change(tenant, change));
    }
}
