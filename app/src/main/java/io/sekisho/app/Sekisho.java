package io.sekisho.app;

import io.sekisho.app.demo.Demo;
import io.sekisho.app.demo.DemoGateway;
import io.sekisho.app.demo.DemoLimits;
import io.sekisho.app.demo.ViewStyle;
import io.sekisho.app.log.MailLines;
import io.sekisho.app.settings.ListenAddress;
import io.sekisho.app.settings.RouteLine;
import io.sekisho.app.settings.Routing;
import io.sekisho.app.settings.Settings;
import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RecipientSet;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.platform.net.HostResolver;
import io.sekisho.platform.net.Listening;
import io.sekisho.platform.net.SocketConnector;
import io.sekisho.platform.net.SocketListener;
import io.sekisho.platform.net.Watchdog;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/** Starts the gateway, alone or in a pretend internet. */
final class Sekisho implements Program {
    private static final String LOOPBACK = "127.0.0.1";

    @Override
    public Running start(Settings settings, List<RouteLine> routes) throws StartException, InterruptedException {
        return new Gateway(settings, Routing.of(routes, new SecureRandom()), new MailLines());
    }

    @Override
    public Running demo(DemoOptions options) throws StartException, InterruptedException {
        Path data = folder(options);
        LogFiles.open(data.resolve("log/sekisho.log"), data.resolve("log/mail.log"));
        Watchdog watchdog = new Watchdog(System::nanoTime, Duration.ofSeconds(1));
        Demo demo = new Demo(
                () -> SocketListener.open(InetAddress.ofLiteral(LOOPBACK), 0, watchdog),
                new SocketConnector(HostResolver.system(), address -> true, new Listening(), watchdog),
                (routes, view) -> gateway(data, routes, view),
                Clock.systemUTC(),
                new SplittableRandom(options.seed()),
                System.out,
                ViewStyle.of(options.language(), System.getenv(), terminal(), ZoneId.systemDefault()),
                DemoLimits.DEFAULT);
        try {
            demo.start();
        } catch (StartException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new StartException(ExitCode.UNAVAILABLE, "The demo cannot start: " + e.getMessage(), e);
        }
        return new RunningDemo(demo, watchdog);
    }

    private static boolean terminal() {
        return Optional.ofNullable(System.console())
                .map(java.io.Console::isTerminal)
                .orElse(false);
    }

    private static Path folder(DemoOptions options) throws StartException {
        try {
            Path data = options.data().isPresent() ? options.data().get() : Files.createTempDirectory("sekisho-demo-");
            return Files.createDirectories(data);
        } catch (IOException e) {
            throw new StartException(ExitCode.CANNOT_CREATE, "The demo's folder cannot be made: " + e.getMessage(), e);
        }
    }

    private static DemoGateway gateway(Path data, List<DemoGateway.Route> routes, MailLog view)
            throws StartException, InterruptedException {
        Settings settings = new Settings(
                data,
                "sekisho.example",
                new Settings.Smtp(List.of(new ListenAddress(LOOPBACK, 0)), 1000, 1000, 50L << 20, 1000),
                new Settings.Tls.Off(),
                Settings.Net.DEFAULT,
                new Mailbox("postmaster", "sekisho.example"),
                data.resolve("routes.conf"),
                new Settings.Database.Embedded(),
                new Settings.Journal(1L << 30, 100_000),
                new Settings.Delivery(20, 200, Duration.ofDays(10)),
                data.resolve("log/sekisho.log"));
        SecureRandom random = new SecureRandom();
        RoutingTable table = new RoutingTable(
                routes.stream().map(route -> route(route, random)).toList());
        MailLog lines = new MailLines();
        Gateway gateway = new Gateway(settings, table, event -> {
            lines.record(event);
            view.record(event);
        });
        return new DemoGateway() {
            @Override
            public int port() {
                return gateway.port();
            }

            @Override
            public void close() {
                gateway.stop();
            }
        };
    }

    private static DomainRoute route(DemoGateway.Route route, SecureRandom random) {
        DomainName domain = new DomainName(route.domain());
        return DomainRoute.listed(
                domain,
                Routing.tenant(domain.ascii()),
                Routing.inOrder(List.of(route.hop())),
                RecipientSet.of(
                        route.localParts().stream()
                                .map(local -> new Mailbox(local, domain.ascii()))
                                .toList(),
                        random));
    }

    /** The demo until it is stopped. */
    private static final class RunningDemo implements Running {
        private final Demo demo;
        private final Watchdog watchdog;
        private final CountDownLatch ended = new CountDownLatch(1);

        RunningDemo(Demo demo, Watchdog watchdog) {
            this.demo = demo;
            this.watchdog = watchdog;
        }

        @Override
        public void awaitEnd() throws InterruptedException {
            ended.await();
        }

        @Override
        public void stop() {
            demo.close();
            watchdog.close();
            ended.countDown();
        }
    }
}
