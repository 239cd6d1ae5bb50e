package io.sekisho.app.demo;

import io.sekisho.smtp.client.Connector;
import io.sekisho.smtp.client.NextHop;
import java.io.Closeable;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The demo: two customers' mail servers, of which Arai's has bad weather, the real gateway between, sending hosts with fifty
 * sample mails and then a slow trickle, and a live view of it all.
 */
public final class Demo implements Closeable {
    private static final String LOOPBACK = "127.0.0.1";

    private final ListenerFactory listeners;
    private final Connector connector;
    private final DemoGateway.Starter starter;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final DemoLimits limits;
    private final LiveView view;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable CustomerServer hakone;
    private @Nullable CustomerServer arai;
    private @Nullable DemoGateway gateway;
    private @Nullable DemoSenders senders;

    /**
     * A demo; {@link #start} makes it run.
     *
     * @param listeners opens the customers' ports on the loopback address
     * @param connector connects the sending hosts to the gateway
     * @param starter starts the real gateway
     * @param random gives the seeds of all chances; used by the calling thread only
     * @param out where the live view is written
     */
    public Demo(
            ListenerFactory listeners,
            Connector connector,
            DemoGateway.Starter starter,
            InstantSource clock,
            RandomGenerator random,
            PrintStream out,
            ViewStyle style,
            DemoLimits limits) {
        this.listeners = listeners;
        this.connector = connector;
        this.starter = starter;
        this.clock = clock;
        this.random = random;
        this.limits = limits;
        this.view = new LiveView(out, style, clock, limits);
    }

    /**
     * Starts it all; returns when the sending hosts have begun.
     *
     * @throws Exception what the gateway's starter or a listener threw; everything is closed then
     */
    public void start() throws Exception {
        try {
            view.start();
            view.say("関所を起動しています...", "Starting the gateway ...");
            CustomerServer first = customer("mail." + DemoCast.HAKONE, Weather.fair(), DemoCast.HAKONE_REFUSALS);
            hakone = first;
            Weather changing = Weather.changing(new SplittableRandom(random.nextLong()), clock.instant());
            CustomerServer second = customer("mail." + DemoCast.ARAI, changing, DemoCast.ARAI_REFUSALS);
            arai = second;
            DemoGateway started = starter.start(
                    List.of(
                            new DemoGateway.Route(
                                    DemoCast.HAKONE, new NextHop(LOOPBACK, first.port()), DemoCast.HAKONE_PEOPLE),
                            new DemoGateway.Route(
                                    DemoCast.ARAI, new NextHop(LOOPBACK, second.port()), DemoCast.ARAI_PEOPLE)),
                    view);
            gateway = started;
            introduce(started.port(), first.port(), second.port());
            send(started.port());
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private CustomerServer customer(String name, Weather weather, Map<String, String> refusals) throws Exception {
        CustomerServer server = new CustomerServer(name, listeners.open(), weather, refusals, clock, limits);
        server.start();
        view.name(LOOPBACK + ":" + server.port(), name);
        return server;
    }

    private void introduce(int port, int hakonePort, int araiPort) {
        String where = LOOPBACK + ":";
        view.say(
                "関所 " + where + port + "  箱根のサーバー " + where + hakonePort + "  新居のサーバー " + where + araiPort
                        + " (ときどき不調)",
                "gateway " + where + port + "  Hakone's server " + where + hakonePort + "  Arai's server " + where
                        + araiPort + " (unwell at times)");
        view.say("別の端末から試せます (送信者は何でも構いません):", "Try it by hand from another terminal (any sender will do):");
        String swaks = "  swaks --server " + where + port + " --from alice@sender.example --to ";
        tell(swaks, "hanako@hakone.example", "届きます", "is delivered");
        tell(swaks, "misaki@arai.example", "新居のサーバーが不調なら待ちます", "waits while Arai's server is unwell");
        tell(swaks, "retired@hakone.example", "箱根のサーバーが断るので保留になります", "is refused by Hakone's server, so it is held");
        tell(swaks, "nobody@hakone.example", "そのような宛先はないので拒否します", "no such mailbox, is refused");
    }

    private void tell(String command, String recipient, String ja, String en) {
        String padded = command + Columns.fit(recipient, 24);
        view.say(padded + " # " + ja, padded + " # " + en);
    }

    private void send(int port) {
        List<DemoMail> mails = DemoMails.all();
        AtomicInteger left = new AtomicInteger(mails.size());
        DemoSenders sending = new DemoSenders(
                connector,
                new NextHop(LOOPBACK, port),
                mails,
                new SplittableRandom(random.nextLong()),
                limits,
                (mail, result) -> {
                    view.sample(mail, result);
                    if (left.getAndDecrement() == 1) {
                        view.say(
                                "見本 " + mails.size() + " 通を送り終えました。これからは1～3秒に1通ずつ送ります。",
                                "All " + mails.size() + " samples are sent. From now on one mail every 1 to 3 s.");
                    }
                });
        senders = sending;
        sending.start();
    }

    /** Stops the senders, then the gateway, then the customers' servers and the view. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        DemoSenders sending = senders;
        if (sending != null) {
            sending.close();
        }
        DemoGateway running = gateway;
        if (running != null) {
            running.close();
        }
        for (CustomerServer server : new CustomerServer[] {hakone, arai}) {
            if (server != null) {
                server.close();
            }
        }
        view.close();
    }
}
