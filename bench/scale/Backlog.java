import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A long queue of recipients that were put off: what it costs to have it, and how long a claim from it takes. */
final class Backlog implements Scale.Bench {
    private static final double CPU_BAR = 2.0;
    private static final double CLAIM_BAR = 20;
    private static final Pattern CLAIM = Pattern.compile("claimed ([\\d,]+) of (\\S+) in ([\\d,]+) us");
    /** Domains whose server is up and gets the trickle. */
    private static final int UP = 50;

    private final Scale.Parameters parameters;
    private final int rows;
    private final int lanes;
    private final int down;
    private final int seconds;

    Backlog(Scale.Parameters parameters) {
        this.parameters = parameters;
        this.rows = parameters.of("rows", 1_000_000);
        this.lanes = parameters.of("lanes", 5000);
        this.down = parameters.of("down", lanes / 10);
        this.seconds = parameters.of("seconds", 60);
    }

    @Override
    public List<Scale.Figure> run() throws Exception {
        Path log = parameters.root().resolve("bench/scale/logback.xml");
        List<Scale.Figure> figures = new ArrayList<>();
        try (Site site = new Site(parameters.root(), "", "-Dlogback.configurationFile=" + log);
                Destinations destinations = new Destinations(n -> {}, 2000)) {
            site.start();
            try (Connection owner = site.owner()) {
                Customers.make(owner, lanes, 0);
                Customers.await(site.port, "x@" + Customers.domain(lanes));
                double empty = cost(site, owner, 0);
                figures.add(Scale.Figure.noted("an empty queue, of one core", "%.2f %%".formatted(empty)));
                fill(owner);
                destinations.open(UP, i -> Destinations.Manner.QUICK);
                double full = cost(site, owner, 0);
                figures.add(Scale.Figure.atMost("%,d rows put off in %,d lanes, %d of them down, of one core"
                        .formatted(rows, lanes, down), full, CPU_BAR, "%"));
                figures.add(Scale.Figure.noted("  of that for the rows", "%.2f %%".formatted(full - empty)));
                figures.addAll(claims("  claims meanwhile (lanes asked again)", site));
                int before = destinations.quick.get();
                double trickle = cost(site, owner, parameters.of("trickle", 5));
                figures.add(Scale.Figure.noted("with a trickle of due rows, of one core", "%.2f %%".formatted(trickle)));
                figures.add(Scale.Figure.noted("  delivered of it", "%d".formatted(destinations.quick.get() - before)));
                figures.addAll(claims("  all claims", site));
            }
        }
        return figures;
    }

    /** Per cent of one core. @param trickle rows made due each second */
    private double cost(Site site, Connection owner, int trickle) throws Exception {
        // what was done before is over
        TimeUnit.SECONDS.sleep(Math.min(10, seconds));
        Site.Cpu before = site.cpu();
        long began = System.nanoTime();
        for (int second = 0; second < seconds; second++) {
            if (trickle > 0) {
                due(owner, second, trickle);
            }
            TimeUnit.NANOSECONDS.sleep(began + TimeUnit.SECONDS.toNanos(second + 1) - System.nanoTime());
        }
        double took = (System.nanoTime() - began) / 1e9;
        Site.Cpu cpu = site.cpu().since(before);
        System.err.printf("%.0f s: JVM %.2f s, PostgreSQL %.2f s%n", took, cpu.jvm(), cpu.postgres());
        return 100 * cpu.all() / took;
    }

    private static void due(Connection owner, int second, int trickle) throws Exception {
        for (int n = 0; n < trickle; n++) {
            String lane = lane(Integer.toString(1 + (second * trickle + n) % UP));
            Site.run(
                    owner,
                    "with q as (select message from queue where lane_id = " + lane + " and lease is null order by next_at limit 1)"
                            + " update queue set next_at = now() from q where queue.message = q.message",
                    "update lane set next_due = least(next_due, now()) where id = " + lane);
        }
    }

    /** As the gateway names the lane of domain i. */
    private static String lane(String i) {
        return "overlay(overlay(md5(md5('t' || (" + i + "))::uuid::text || '/customer/d' || (" + i
                + ") || '.example') placing '3' from 13) placing substr('89ab', 1 + (('x' || substr(md5(md5('t' || (" + i
                + "))::uuid::text || '/customer/d' || (" + i + ") || '.example'), 17, 1))::bit(4)::int & 3), 1) from 17)::uuid";
    }

    private void fill(Connection owner) throws Exception {
        String each = " from generate_series(1, " + rows + ") n, lateral (select 1 + n % " + lanes + " as i) d";
        String message = "overlay(overlay(md5('m' || n) placing '7' from 13) placing '8' from 17)::uuid";
        Site.run(
                owner,
                "select ensure_mail_partition(current_date)",
                "insert into lane (id, tenant_id, kind, domain) select " + lane("i")
                        + ", md5('t' || i)::uuid, 'customer', 'd' || i || '.example' from generate_series(1, " + lanes + ") i",
                "insert into body (message, day, tenant_id, received_at, peer, helo, extended, tls, local_part, domain, size,"
                        + " eight_bit, smtp_utf8) select " + message + ", current_date, md5('t' || i)::uuid, now(), '192.0.2.1',"
                        + " 'client.example', true, '', 'alice', 'sender.example', 2000, false, false" + each,
                "insert into mail (day, id, recipient, tenant_id, received_at, peer, helo, sender, mailbox, size, destination, state,"
                        + " attempts) select current_date, " + message + ", 0, md5('t' || i)::uuid, now(), '192.0.2.1',"
                        + " 'client.example', '<alice@sender.example>', '<x@d' || i || '.example>', 2000, 'd' || i || '.example',"
                        + " 'open', 7" + each,
                // those whose server answers are due in one to four hours; those of lanes that are down are due for long
                "insert into queue (message, recipient, tenant_id, lane_id, local_part, domain, next_at, attempts, expires_at, detail)"
                        + " select " + message + ", 0, md5('t' || i)::uuid, " + lane("i") + ", 'x', 'd' || i || '.example',"
                        + " case when i > " + (lanes - down) + " then now() - interval '1 hour'"
                        + " else now() + interval '1 hour' + random() * interval '3 hours' end,"
                        + " 7, now() + interval '9 days', '450 4.2.0 later'" + each,
                "update lane set next_due = (select min(next_at) from queue where lane_id = lane.id),"
                        + " backoff_until = case when next_due = 'infinity' and domain in (select 'd' || i || '.example'"
                        + " from generate_series(" + (lanes - down + 1) + ", " + lanes + ") i)"
                        + " then now() + random() * interval '5 minutes' else '-infinity' end",
                "vacuum analyze queue",
                "vacuum analyze body",
                "vacuum analyze lane",
                "vacuum analyze mail");
    }

    private List<Scale.Figure> claims(String what, Site site) throws Exception {
        List<Double> millis = new ArrayList<>();
        try (BufferedReader r = Files.newBufferedReader(site.log())) {
            for (String line = r.readLine(); line != null; line = r.readLine()) {
                Matcher m = CLAIM.matcher(line);
                if (m.find()) {
                    millis.add(Long.parseLong(m.group(3).replace(",", "")) / 1000.0);
                }
            }
        }
        if (millis.isEmpty()) {
            return List.of(Scale.Figure.noted(what, "none"));
        }
        double[] sorted = millis.stream().mapToDouble(d -> d).sorted().toArray();
        double p99 = sorted[Math.min(sorted.length - 1, (int) (0.99 * sorted.length))];
        return List.of(
                Scale.Figure.noted(what + ": number, 50th percentile, longest", "%d, %.1f, %.1f ms"
                        .formatted(sorted.length, sorted[sorted.length / 2], sorted[sorted.length - 1])),
                Scale.Figure.atMost("  99th percentile of them", p99, CLAIM_BAR, "ms"));
    }
}
