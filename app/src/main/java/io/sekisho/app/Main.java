package io.sekisho.app;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. Every way it can end has a number ({@link ExitCode}) and a sentence; only surprises have a stack trace, in the log. */
@Command(
        name = "sekisho",
        description = "A mail gateway that many customers share.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {HelpCommand.class},
        synopsisSubcommandLabel = "(run | demo | check-config | version | tenant | domain | route | recipient | audit)",
        footer = {
            "",
            "Without --config, sekisho.conf of the working folder is read, and defaults hold if there is none."
        })
public final class Main {
    private Main() {}

    /** Runs a command and ends with its code. */
    public static void main(String[] arguments) {
        Console console = new Console(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                Path.of("").toAbsolutePath(),
                System.getenv(),
                localHostName());
        int code = commandLine(console, new Sekisho()).execute(arguments);
        console.out().flush();
        System.exit(code);
    }

    static CommandLine commandLine(Console console, Program program) {
        return new CommandLine(new Main())
                .addSubcommand("run", new RunCommand(console, program))
                .addSubcommand("demo", new DemoCommand(console, program))
                .addSubcommand("check-config", new CheckConfigCommand(console))
                .addSubcommand("version", new VersionCommand(console))
                .addSubcommand("tenant", new TenantCommand(console))
                .addSubcommand("domain", new DomainCommand(console))
                .addSubcommand("route", new RouteCommand(console))
                .addSubcommand("recipient", new RecipientCommand(console))
                .addSubcommand("audit", new AuditCommand(console))
                .addSubcommand("dkim", new DkimCommand(console))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(console.out())
                .setErr(console.err())
                .setParameterExceptionHandler((wrong, arguments) -> {
                    CommandLine at = wrong.getCommandLine();
                    console.err().println("sekisho: " + wrong.getMessage());
                    at.usage(console.err());
                    return ExitCode.USAGE.number();
                })
                .setExecutionExceptionHandler((thrown, at, parsed) -> failed(console, thrown));
    }

    private static int failed(Console console, Exception thrown) {
        if (thrown instanceof StartException known) {
            console.err().println("sekisho: " + known.getMessage());
            return known.code().number();
        }
        System.getLogger(Main.class.getName()).log(System.Logger.Level.ERROR, "surprise", thrown);
        console.err().println("sekisho: a mistake in the program: " + thrown + ". The log has the details.");
        return ExitCode.SOFTWARE.number();
    }

    private static String localHostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
