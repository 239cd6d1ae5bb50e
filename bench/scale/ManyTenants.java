import java.io.IOException;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Many tenants with many recipients, against one small one: start, memory, the cost of RCPT, and a change. */
final class ManyTenants implements Scale.Bench {
    private static final double START_BAR = 60;
    private static final double MEMORY_BAR = 400;
    private static final double CHANGE_BAR = 5;
    /** Flat: at most this often the time of the small one. */
    private static final double RCPT_BAR = 1.5;
    private static final int ASKED = 20_000;

    private final Scale.Parameters parameters;
    private final int tenants;
    private final int recipients;

    ManyTenants(Scale.Parameters parameters) {
        this.parameters = parameters;
        this.tenants = parameters.of("tenants", 10_000);
        this.recipients = parameters.of("recipients", 10_000_000);
    }

    /** @param known and unknown 50th and 99th percentile of a RCPT in microseconds */
    private record Size(double start, Site.Memory idle, Site.Memory loaded, double[] known, double[] unknown, double change, double large) {}

    @Override
    public List<Scale.Figure> run() throws Exception {
        Size small = measure(1, 1, 1000);
        Size big = measure(tenants, 2, recipients);
        return List.of(
                Scale.Figure.noted("start until a recipient is known, one tenant", "%.1f s".formatted(small.start)),
                Scale.Figure.atMost("%,d tenants, %,d domains, %,d recipients: so much more"
                        .formatted(tenants, 2 * tenants, recipients), big.start - small.start, START_BAR, "s"),
                Scale.Figure.noted("memory of the JVM, PostgreSQL, one tenant, all lists read", said(small.loaded)),
                Scale.Figure.noted("  many tenants, nothing asked yet", said(big.idle)),
                Scale.Figure.noted("  many tenants, all lists read", said(big.loaded)),
                Scale.Figure.atMost("  so much more", big.loaded.jvm() + big.loaded.postgres() - small.loaded.jvm()
                        - small.loaded.postgres(), MEMORY_BAR, "MB"),
                Scale.Figure.noted("RCPT of a recipient, 50th and 99th percentile, one tenant", said(small.known)),
                Scale.Figure.noted("  many tenants", said(big.known)),
                Scale.Figure.atMost("  50th percentile against one tenant", big.known[0] / small.known[0], RCPT_BAR, ""),
                Scale.Figure.noted("RCPT of nobody, one tenant", said(small.unknown)),
                Scale.Figure.noted("  many tenants", said(big.unknown)),
                Scale.Figure.atMost("  50th percentile against one tenant", big.unknown[0] / small.unknown[0], RCPT_BAR, ""),
                Scale.Figure.atMost("a recipient added by a command is known, from its end", big.change, CHANGE_BAR, "s"),
                Scale.Figure.atMost("  in the largest domain", big.large, CHANGE_BAR, "s"));
    }

    private static String said(Site.Memory memory) {
        return "%.0f + %.0f MB".formatted(memory.jvm(), memory.postgres());
    }

    private static String said(double[] micros) {
        return "%.0f, %.0f us".formatted(micros[0], micros[1]);
    }

    private Size measure(int tenants, int domainsEach, int recipients) throws Exception {
        int domains = tenants * domainsEach;
        try (Site site = new Site(parameters.root(), "", "")) {
            site.start();
            int large = fill(site, tenants, domains, recipients);
            site.stop();
            long began = System.nanoTime();
            site.start();
            Customers.await(site.port, "u0@" + Customers.domain(domains));
            double start = (System.nanoTime() - began) / 1e9;
            TimeUnit.SECONDS.sleep(5);
            Site.Memory idle = site.memory();
            int perDomain = (recipients - large) / domains;
            touchAll(site.port, domains);
            SplittableRandom random = new SplittableRandom(1);
            // twice: the first time warms up
            double[] known = {};
            double[] unknown = {};
            for (int i = 0; i < 2; i++) {
                known = ask(site.port, () -> "u" + random.nextInt(perDomain) + "@" + Customers.domain(1 + random.nextInt(domains)), 250);
                unknown = ask(site.port, () -> "n" + random.nextInt(1 << 30) + "@" + Customers.domain(1 + random.nextInt(domains)), 550);
            }
            Site.Memory loaded = site.memory();
            double change = change(site, "t" + tenants, Customers.domain(domains));
            return new Size(start, idle, loaded, known, unknown, change, change(site, "t1", Customers.domain(1)));
        }
    }

    /** Fills the tables as the owner, the big one without its constraints meanwhile. @return how many more the first domain has */
    private static int fill(Site site, int tenants, int domains, int recipients) throws Exception {
        int large = recipients / 10;
        String tenant = "md5('t' || (1 + (i - 1) % " + tenants + "))::uuid";
        String each = " from generate_series(1, " + domains + ") i";
        try (Connection owner = site.owner()) {
            String key = "alter table recipient add primary key (tenant_id, domain, local_part)";
            Site.run(
                    owner,
                    "insert into tenant (id, name, title, state, plus_addressing, created_at)"
                            + " select md5('t' || i)::uuid, 't' || i, 'Customer ' || i, 'active', false, now()"
                            + " from generate_series(1, " + tenants + ") i",
                    "insert into contract (tenant_id, services, domains, recipients)"
                            + " select md5('t' || i)::uuid, '{}', 1000, 100000000 from generate_series(1, " + tenants + ") i",
                    "insert into domain (tenant_id, name, state, proven_at, recipients)"
                            + " select " + tenant + ", 'd' || i || '.example', 'proven', now(), 'listed'" + each,
                    "insert into domain_owner (name, tenant_id) select 'd' || i || '.example', " + tenant + each,
                    "insert into route (tenant_id, domain, host, port, preference) select " + tenant
                            + ", 'd' || i || '.example', '127.0.0.1', 25, 10" + each,
                    "alter table recipient drop constraint recipient_pkey",
                    "alter table recipient drop constraint recipient_tenant_id_domain_fkey",
                    "insert into recipient (tenant_id, domain, local_part, spelling, added_at) select " + tenant
                            + ", 'd' || i || '.example', 'u' || n, 'u' || n, now()" + each + ", generate_series(0, "
                            + ((recipients - large) / domains - 1) + ") n",
                    "insert into recipient (tenant_id, domain, local_part, spelling, added_at) select md5('t1')::uuid, 'd1.example',"
                            + " 'v' || n, 'v' || n, now() from generate_series(1, " + large + ") n",
                    "set maintenance_work_mem = '512MB'",
                    key,
                    "alter table recipient add foreign key (tenant_id, domain) references domain (tenant_id, name) on delete cascade",
                    "vacuum analyze recipient");
            Customers.publish(owner);
        }
        return large;
    }

    /** One RCPT to each domain, which makes the gateway read its list. */
    private static void touchAll(int port, int domains) throws IOException {
        Client client = new Client(port);
        for (int i = 1; i <= domains; i++) {
            if (client.recipient("u0@" + Customers.domain(i)) != 250) {
                throw new IOException("a recipient of " + Customers.domain(i) + " is not taken");
            }
            if (i % 900 == 0) {
                client.close();
                client = new Client(port);
            }
        }
        client.close();
    }

    private interface Name {
        String next();
    }

    private static double[] ask(int port, Name names, int wanted) throws IOException {
        double[] micros = new double[ASKED];
        Client client = new Client(port);
        for (int i = 0; i < ASKED; i++) {
            if (i % 15 == 0) {
                client.close();
                client = new Client(port);
            }
            String name = names.next();
            client.say("MAIL FROM:<alice@sender.example>");
            long began = System.nanoTime();
            int code = client.say("RCPT TO:<" + name + ">");
            micros[i] = (System.nanoTime() - began) / 1e3;
            if (code != wanted) {
                throw new IOException(name + " is answered " + code + ", not " + wanted);
            }
            client.say("RSET");
        }
        client.close();
        Arrays.sort(micros);
        return new double[] {micros[ASKED / 2], micros[ASKED * 99 / 100]};
    }

    private static double change(Site site, String tenant, String domain) throws Exception {
        site.command("recipient", "add", tenant, domain, "hanako");
        return Customers.await(site.port, "hanako@" + domain);
    }
}
