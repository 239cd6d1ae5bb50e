package io.sekisho.app;

import io.sekisho.app.settings.OnOff;
import io.sekisho.control.tenancy.Change;
import io.sekisho.control.tenancy.Contract;
import io.sekisho.control.tenancy.Service;
import io.sekisho.control.tenancy.TenantReader.Tenant;
import io.sekisho.gateway.policy.RateLimits;
import io.sekisho.mail.address.Mailbox;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code sekisho tenant}: customers and their contracts. */
@Command(
        name = "tenant",
        description = "Customers and their contracts.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class TenantCommand {
    private static final int PAGE = 500;

    private final Console console;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.", scope = ScopeType.INHERIT)
    private @Nullable Path config;

    TenantCommand(Console console) {
        this.console = console;
    }

    @Command(description = "Lists all tenants.", mixinStandardHelpOptions = true)
    int list() throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> {
            String after = "";
            List<Tenant> page;
            do {
                page = session.reader().tenants(after, PAGE);
                page.forEach(tenant -> session.say(line(tenant)));
                after = page.isEmpty() ? after : page.getLast().name();
            } while (page.size() == PAGE);
            return ExitCode.OK;
        });
    }

    private static String line(Tenant tenant) {
        return tenant.name() + "  " + tenant.title() + "  " + (tenant.suspended() ? "suspended" : "active") + "  "
                + tenant.contract() + (tenant.plusAddressing() ? "  plus-addressing" : "");
    }

    @Command(description = "Makes a tenant.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "Short name: small letters, digits, hyphens.") String name,
            @Parameters(paramLabel = "TITLE", description = "As people say it.") String title)
            throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> {
            SecureRandom random = new SecureRandom();
            long time = Clock.systemUTC().millis();
            UUID id = new UUID(time << 16 | 0x7000 | random.nextInt(0x1000), random.nextLong() >>> 2 | Long.MIN_VALUE);
            return session.change(id, new Change.Create(name, title));
        });
    }

    @Command(description = "Gives a tenant another title.", mixinStandardHelpOptions = true)
    int rename(@Parameters(paramLabel = "NAME") String name, @Parameters(paramLabel = "TITLE") String title)
            throws StartException, InterruptedException {
        return change(name, new Change.Rename(title));
    }

    @Command(description = "Puts a tenant's mail off with 451.", mixinStandardHelpOptions = true)
    int suspend(@Parameters(paramLabel = "NAME") String name) throws StartException, InterruptedException {
        return change(name, new Change.Suspend(true));
    }

    @Command(description = "Takes a tenant's mail again.", mixinStandardHelpOptions = true)
    int resume(@Parameters(paramLabel = "NAME") String name) throws StartException, InterruptedException {
        return change(name, new Change.Suspend(false));
    }

    @Command(
            name = "plus-addressing",
            description = "Whether user+anything is a recipient when user is one.",
            mixinStandardHelpOptions = true)
    int plusAddressing(@Parameters(paramLabel = "NAME") String name, @Parameters(paramLabel = "on|off") OnOff wanted)
            throws StartException, InterruptedException {
        return change(name, new Change.PlusAddressing(wanted == OnOff.ON));
    }

    @Command(description = "Shows or changes what a tenant has ordered.", mixinStandardHelpOptions = true)
    int contract(@Parameters(paramLabel = "NAME") String name, @Mixin Ordered ordered)
            throws StartException, InterruptedException {
        // what makes no sense is said before the database is opened
        ordered.in(Contract.DEFAULT);
        return OperatorSession.run(console, config, session -> {
            Contract now = session.tenant(name).contract();
            if (ordered.nothing()) {
                session.say(now.toString());
                return ExitCode.OK;
            }
            return session.change(name, new Change.Order(ordered.in(now)));
        });
    }

    /** The options of a contract. What is not said stays as it is. */
    static final class Ordered {
        @Option(names = "--services", split = ",", paramLabel = "inbound,outbound", description = "Which services.")
        private @Nullable Set<Service> services;

        @Option(names = "--domains", paramLabel = "N", description = "How many domains it may have.")
        private @Nullable Integer domains;

        @Option(names = "--recipients", paramLabel = "N", description = "How many recipients it may have.")
        private @Nullable Integer recipients;

        @Option(
                names = "--messages-per-minute",
                paramLabel = "N|none",
                description = "Taken for all its domains; beyond, senders are put off with 450.")
        private @Nullable String perTenant;

        @Option(
                names = "--messages-per-minute-per-address",
                paramLabel = "N|none",
                description = "Taken from one client address, or IPv6 network of 64 bits.")
        private @Nullable String perAddress;

        @Option(
                names = "--messages-per-minute-per-recipient",
                paramLabel = "N|none",
                description = "Taken for one recipient.")
        private @Nullable String perRecipient;

        boolean nothing() {
            return services == null
                    && domains == null
                    && recipients == null
                    && perTenant == null
                    && perAddress == null
                    && perRecipient == null;
        }

        /** A contract with what was typed. @throws StartException when that makes no sense */
        Contract in(Contract now) throws StartException {
            RateLimits rates = new RateLimits(
                    Typed.perMinute(perTenant, now.rates().tenant()),
                    Typed.perMinute(perAddress, now.rates().address()),
                    Typed.perMinute(perRecipient, now.rates().recipient()));
            try {
                return new Contract(
                        services == null ? now.services() : services,
                        domains == null ? now.domains() : domains,
                        recipients == null ? now.recipients() : recipients,
                        rates);
            } catch (IllegalArgumentException e) {
                throw new StartException(ExitCode.DATA, String.valueOf(e.getMessage()), e);
            }
        }
    }

    @Command(
            description =
                    "Lists who is told what the tenant must know; with an address, adds one or changes its language.",
            mixinStandardHelpOptions = true)
    int contact(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ADDRESS", arity = "0..1") @Nullable String address,
            @Option(names = "--language", paramLabel = "ja|en|both", defaultValue = "both") String language,
            @Option(names = "--remove", description = "It is no longer told.") boolean remove)
            throws StartException, InterruptedException {
        if (address != null) {
            Mailbox mailbox = Typed.address(address);
            return change(
                    name,
                    remove
                            ? new Change.RemoveContact(mailbox)
                            : new Change.PutContact(mailbox, Typed.language(language)));
        }
        return OperatorSession.run(console, config, session -> {
            session.reader()
                    .contacts(session.tenant(name).id())
                    .forEach(contact -> session.say(
                            contact.mailbox() + "  " + contact.language().name().toLowerCase(Locale.ROOT)));
            return ExitCode.OK;
        });
    }

    private int change(String tenant, Change change) throws StartException, InterruptedException {
        return OperatorSession.run(console, config, session -> session.change(tenant, change));
    }
}
