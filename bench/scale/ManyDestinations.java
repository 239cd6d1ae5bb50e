import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Mail for many destinations waits in the queue, then they come up: some stay down, some are slow. How long until the others have theirs? */
final class ManyDestinations implements Scale.Bench {
    private static final double BAR = 1.5;
    private static final int SESSIONS = 20;
    private static final int WAIT_SECONDS = 900;

    private final Scale.Parameters parameters;
    private final int messages;
    private final int domains;
    private final String content;

    ManyDestinations(Scale.Parameters parameters) {
        this.parameters = parameters;
        this.messages = parameters.of("messages", 100_000);
        this.domains = parameters.of("domains", 1000);
        this.content = "Subject: bench\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(14);
    }

    /** One in ten is down, one in ten is slow. */
    private static Destinations.Manner manner(int i) {
        return switch (i % 10) {
            case 3 -> Destinations.Manner.DOWN;
            case 7 -> Destinations.Manner.SLOW;
            default -> Destinations.Manner.QUICK;
        };
    }

    private record Round(double seconds, int delivered, int slow, Site.Cpu cpu, double queued) {}

    @Override
    public List<Scale.Figure> run() throws Exception {
        List<Scale.Figure> figures = new ArrayList<>();
        Round alone = round(false);
        figures.add(Scale.Figure.noted("%,d messages to healthy destinations alone".formatted(alone.delivered), said(alone)));
        Round mixed = round(true);
        figures.add(Scale.Figure.noted("the same beside those that are down or slow", said(mixed)));
        figures.add(Scale.Figure.noted("meanwhile delivered to the slow ones", mixed.slow + ""));
        figures.add(Scale.Figure.noted("CPU alone, mixed: JVM and PostgreSQL", "%.0f+%.0f, %.0f+%.0f s".formatted(
                alone.cpu.jvm(), alone.cpu.postgres(), mixed.cpu.jvm(), mixed.cpu.postgres())));
        figures.add(Scale.Figure.atMost("time of the healthy ones, mixed against alone", mixed.seconds / alone.seconds, BAR, ""));
        return figures;
    }

    private static String said(Round round) {
        return "%.1f s".formatted(round.seconds);
    }

    private Round round(boolean mixed) throws Exception {
        try (Site site = new Site(parameters.root(), "", "");
                Destinations destinations = new Destinations(n -> {}, parameters.of("slow", 2000))) {
            site.start();
            try (Connection owner = site.owner()) {
                Customers.make(owner, domains, 0);
                Customers.await(site.port, "x@" + Customers.domain(domains));
                long began = System.nanoTime();
                int sent = queue(site.port, mixed);
                awaitQueue(owner, sent);
                double queued = (System.nanoTime() - began) / 1e9;
                System.err.printf("%,d messages queued in %.0f s%n", sent, queued);
                Site.run(owner, "update lane set paused = true");
                site.stop();
                return deliver(site, destinations, mixed, queued);
            }
        }
    }

    private int queue(int port, boolean mixed) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        List<Thread> senders = new ArrayList<>();
        for (int s = 0; s < SESSIONS; s++) {
            senders.add(Thread.ofVirtual().start(() -> {
                try {
                    send(port, mixed, next, sent);
                } catch (IOException | InterruptedException e) {
                    System.err.println("a sender ends: " + e.getMessage());
                }
            }));
        }
        for (Thread t : senders) {
            t.join();
        }
        return sent.get();
    }

    private void send(int port, boolean mixed, AtomicInteger next, AtomicInteger sent) throws IOException, InterruptedException {
        Client client = new Client(port);
        int inSession = 0;
        for (int n = next.getAndIncrement(); n < messages; n = next.getAndIncrement()) {
            int i = n % domains + 1;
            if (!mixed && manner(i) != Destinations.Manner.QUICK) {
                continue;
            }
            if (++inSession % 500 == 0) {
                client.close();
                client = new Client(port);
            }
            while (client.send("x@" + Customers.domain(i), content) != 250) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            sent.incrementAndGet();
        }
        client.close();
    }

    private void awaitQueue(Connection owner, int sent) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (Site.number(owner, "select count(*) from queue") < sent) {
            if (System.nanoTime() > end) {
                throw new IOException("only " + Site.number(owner, "select count(*) from queue") + " of " + sent + " are queued");
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private Round deliver(Site site, Destinations destinations, boolean mixed, double queued) throws Exception {
        site.start();
        try (Connection owner = site.owner()) {
            Customers.await(site.port, "x@" + Customers.domain(domains));
            Site.run(owner, "vacuum analyze queue, lane, body");
            int wanted = (int) java.util.stream.IntStream.range(0, messages)
                    .filter(n -> manner(n % domains + 1) == Destinations.Manner.QUICK)
                    .count();
            destinations.open(domains, i -> mixed || manner(i) == Destinations.Manner.QUICK ? manner(i) : Destinations.Manner.DOWN);
            Site.Cpu before = site.cpu();
            long began = System.nanoTime();
            Site.run(owner, "update lane set paused = false, backoff_until = '-infinity', failures = 0, next_due = least(next_due, now())");
            long end = began + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            long said = began + TimeUnit.SECONDS.toNanos(10);
            while (destinations.quick.get() < wanted && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(20);
                if (System.nanoTime() > said) {
                    said += TimeUnit.SECONDS.toNanos(10);
                    System.err.printf("%,d, and %,d to slow ones%n", destinations.quick.get(), destinations.slow.get());
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            if (destinations.quick.get() < wanted) {
                System.err.printf("only %d of %d after %.0f s%n", destinations.quick.get(), wanted, seconds);
                seconds = Double.POSITIVE_INFINITY;
            }
            return new Round(seconds, destinations.quick.get(), destinations.slow.get(), site.cpu().since(before), queued);
        }
    }
}
