import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One customer is sent as much as the gateway takes; how long does another one's mail take from its 250 to its server? */
final class Flood implements Scale.Bench {
    private static final double BAR = 2.0;
    private static final int WAIT_SECONDS = 30;
    /** Domains of the customer that is flooded; the next one is the other customer's. */
    private static final int MANY = 100;

    private final Scale.Parameters parameters;
    private final int seconds;
    private final int aSecond;
    private final int sessions;
    private final String content = "Subject: flood\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(28);

    Flood(Scale.Parameters parameters) {
        this.parameters = parameters;
        this.seconds = parameters.of("seconds", 30);
        this.aSecond = parameters.of("rate", 5);
        this.sessions = parameters.of("sessions", 20);
    }

    /** @param domains of the flooded customer that get mail */
    private record Kind(String name, int domains, Destinations.Manner manner) {}

    @Override
    public List<Scale.Figure> run() throws Exception {
        List<Scale.Figure> figures = new ArrayList<>();
        for (Kind kind : List.of(
                new Kind("to a quick server", 1, Destinations.Manner.QUICK),
                new Kind("to a slow server", 1, Destinations.Manner.SLOW),
                new Kind("to a server that is down", 1, Destinations.Manner.DOWN),
                new Kind("to " + MANY + " slow servers", MANY, Destinations.Manner.SLOW))) {
            figures.addAll(run(kind));
        }
        return figures;
    }

    /** When the 250 came and when the server had it. */
    private record Probe(Map<Integer, Long> taken, Map<Integer, Long> arrived, AtomicInteger refused) {
        Probe() {
            this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new AtomicInteger());
        }

        /** Seconds of the message at this part of the order; those that never came are infinitely late. */
        double at(double part, int from, int to) {
            double[] all = new double[to - from];
            for (int n = from; n < to; n++) {
                Long begin = taken.get(n);
                Long end = arrived.get(n);
                all[n - from] = begin == null || end == null ? Double.POSITIVE_INFINITY : Math.max(0, end - begin) / 1e9;
            }
            Arrays.sort(all);
            return all[Math.min(all.length - 1, (int) (part * all.length))];
        }
    }

    private List<Scale.Figure> run(Kind kind) throws Exception {
        Probe probe = new Probe();
        try (Site site = new Site(parameters.root(), "", "");
                Destinations destinations =
                        new Destinations(n -> probe.arrived.put(n, System.nanoTime()), parameters.of("slow", 2000))) {
            site.start();
            try (Connection owner = site.owner()) {
                Customers.make(owner, MANY + 1, MANY);
            }
            Customers.await(site.port, "x@" + Customers.domain(MANY + 1));
            destinations.open(MANY + 1, i -> i <= MANY ? kind.manner : Destinations.Manner.QUICK);
            int each = seconds * aSecond;
            probe(site.port, probe, 0, each);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger sent = new AtomicInteger();
            AtomicInteger putOff = new AtomicInteger();
            List<Thread> flood = new ArrayList<>();
            for (int s = 0; s < sessions; s++) {
                flood.add(Thread.ofVirtual().start(() -> flood(site.port, kind, over, sent, putOff)));
            }
            probe(site.port, probe, each, 2 * each);
            over.set(true);
            for (Thread t : flood) {
                t.join();
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (probe.arrived.size() < probe.taken.size() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            double alone = probe.at(0.95, 0, each);
            double beside = probe.at(0.95, each, 2 * each);
            return List.of(
                    Scale.Figure.noted("a flood " + kind.name + ", messages a second", "%d".formatted(sent.get() / seconds)),
                    Scale.Figure.noted("  of its messages put off with 4xx", "%d".formatted(putOff.get())),
                    Scale.Figure.noted("  the other customer alone, 50th and 95th percentile", "%.3f, %.3f s"
                            .formatted(probe.at(0.5, 0, each), alone)),
                    Scale.Figure.noted("  beside it", "%.3f, %.3f s".formatted(probe.at(0.5, each, 2 * each), beside)),
                    Scale.Figure.atMost("  the delay at the 95th percentile", beside - alone, BAR, "s"),
                    Scale.Figure.atMost("  the other customer's messages not taken", probe.refused.get(), 0, ""));
        }
    }

    /** Sends messages at an even pace, whatever becomes of those before. */
    private void probe(int port, Probe probe, int from, int to) throws InterruptedException {
        long began = System.nanoTime();
        List<Thread> each = new ArrayList<>();
        for (int n = from; n < to; n++) {
            long at = began + (n - from) * TimeUnit.SECONDS.toNanos(1) / aSecond;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, at - System.nanoTime()));
            int number = n;
            each.add(Thread.ofVirtual().start(() -> {
                try (Client client = new Client(port)) {
                    int code = client.send("x@" + Customers.domain(MANY + 1), Destinations.mark(number) + content);
                    if (code == 250) {
                        probe.taken.put(number, System.nanoTime());
                    } else {
                        probe.refused.incrementAndGet();
                    }
                } catch (IOException e) {
                    probe.refused.incrementAndGet();
                }
            }));
        }
        for (Thread t : each) {
            t.join();
        }
    }

    private void flood(int port, Kind kind, AtomicBoolean over, AtomicInteger sent, AtomicInteger putOff) {
        while (!over.get()) {
            try (Client client = new Client(port)) {
                for (int i = 0; i < 500 && !over.get(); i++) {
                    int code = client.send("x@" + Customers.domain(1 + sent.get() % kind.domains), content);
                    (code == 250 ? sent : putOff).incrementAndGet();
                }
            } catch (IOException e) {
                putOff.incrementAndGet();
            }
        }
    }
}
