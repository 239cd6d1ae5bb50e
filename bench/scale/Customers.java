import java.io.IOException;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;

/** Customers in the database: domain {@code d<i>.example} with the server on port {@code FIRST_PORT + i}. */
final class Customers {
    private Customers() {}

    static String domain(int i) {
        return "d" + i + ".example";
    }

    /**
     * Makes domains 1 to {@code count}, all recipients welcome.
     *
     * @param together so many of the first belong to one tenant; each other domain has its own
     */
    static void make(Connection owner, int count, int together) throws Exception {
        String each = " from generate_series(1, " + count + ") i";
        String tenant = "md5('t' || case when i <= " + together + " then 1 else i end)::uuid";
        Site.run(
                owner,
                "insert into tenant (id, name, title, state, plus_addressing, created_at)"
                        + " select md5('t' || i)::uuid, 't' || i, 'Customer ' || i, 'active', false, now()" + each,
                "insert into contract (tenant_id, services, domains, recipients)"
                        + " select md5('t' || i)::uuid, '{}', 1000, 100000000" + each,
                "insert into domain (tenant_id, name, state, proven_at, recipients)"
                        + " select " + tenant + ", 'd' || i || '.example', 'proven', now(), 'everyone'" + each,
                "insert into domain_owner (name, tenant_id) select 'd' || i || '.example', " + tenant + each,
                "insert into route (tenant_id, domain, host, port, preference) select " + tenant
                        + ", 'd' || i || '.example', '127.0.0.1', " + Destinations.FIRST_PORT + " + i, 10" + each);
        publish(owner);
    }

    /** Makes the gateway read everything anew: changes it has not seen are gone. */
    static void publish(Connection owner) throws Exception {
        Site.run(
                owner,
                "insert into settings_change (tenant_id) select id from tenant limit 3",
                "delete from settings_change where seq < (select max(seq) from settings_change)",
                "analyze tenant",
                "analyze domain",
                "analyze route");
    }

    /** Waits until the gateway takes a recipient. @return seconds */
    static double await(int port, String recipient) throws Exception {
        long began = System.nanoTime();
        while (true) {
            try (Client client = new Client(port)) {
                if (client.recipient(recipient) == 250) {
                    return (System.nanoTime() - began) / 1e9;
                }
            } catch (IOException e) {
                // not up yet
            }
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(120)) {
                throw new IOException(recipient + " is not taken");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
