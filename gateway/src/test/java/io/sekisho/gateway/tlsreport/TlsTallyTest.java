package io.sekisho.gateway.tlsreport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.world.PolicyFailure;
import io.sekisho.gateway.world.TlsFacts;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.testkit.db.FailingDataSource;
import io.sekisho.testkit.db.Faults;
import io.sekisho.testkit.db.TestDatabase;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsTallyTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));
    private static final InetAddress IP = InetAddress.ofLiteral("192.0.2.1");
    private static final DnsName DOMAIN = new DnsName("hakone.example");
    private static final TlsFacts NO_POLICY = new TlsFacts(TlsFacts.Type.NONE, List.of(), DOMAIN, List.of(), null);
    private static final TlsFacts STS = new TlsFacts(
            TlsFacts.Type.STS,
            List.of("version: STSv1", "mode: enforce", "mx: *.hakone.example", "max_age: 86400"),
            DOMAIN,
            List.of("*.hakone.example"),
            null);

    private final FailingDataSource database = new FailingDataSource(TEST.gateway());
    private Instant now = Instant.parse("2026-11-25T23:59:00Z");
    private final TlsTally tally = new TlsTally(database, () -> now, TallyLimits.DEFAULT);

    @BeforeEach
    void empty() throws SQLException {
        rows("truncate tls_fact");
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    /** What a statement gives, columns with a bar between. */
    private static List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            if (s.execute(sql)) {
                ResultSet r = s.getResultSet();
                while (r.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
                        columns.add(r.getString(i));
                    }
                    rows.add(String.join("|", columns));
                }
            }
        }
        return rows;
    }

    private static List<String> counts() throws SQLException {
        return rows("select day, policy_domain, policy_type, mx_host, receiving_ip, result, sessions from tls_fact"
                + " order by day, policy_type, mx_host, receiving_ip, result");
    }

    private void see(TlsFacts facts, TlsResult result, int times) {
        for (int i = 0; i < times; i++) {
            tally.observed(facts, "mx.hakone.example", IP, result);
        }
    }

    @Test
    void countsAreAddedUpByDayPolicyHostAndResult() throws SQLException {
        see(NO_POLICY, TlsResult.SUCCESS, 3);
        see(NO_POLICY, TlsResult.STARTTLS_NOT_SUPPORTED, 1);
        see(STS, TlsResult.SUCCESS, 2);
        tally.observed(STS, "mx.other.example", null, TlsResult.VALIDATION_FAILURE);
        assertEquals(List.of(), counts(), "nothing is written at once");
        assertTrue(tally.step());
        see(STS, TlsResult.SUCCESS, 5);
        now = now.plusSeconds(120);
        see(STS, TlsResult.SUCCESS, 1);
        assertTrue(tally.step());
        assertTrue(tally.step());
        assertEquals(
                List.of(
                        "2026-11-25|hakone.example|no-policy-found|mx.hakone.example|192.0.2.1|starttls-not-supported|1",
                        "2026-11-25|hakone.example|no-policy-found|mx.hakone.example|192.0.2.1|success|3",
                        "2026-11-25|hakone.example|sts|mx.hakone.example|192.0.2.1|success|7",
                        "2026-11-25|hakone.example|sts|mx.other.example||validation-failure|1",
                        "2026-11-26|hakone.example|sts|mx.hakone.example|192.0.2.1|success|1"),
                counts());
        assertEquals(
                List.of("version: STSv1\nmode: enforce\nmx: *.hakone.example\nmax_age: 86400|*.hakone.example"),
                rows("select distinct policy, mx_patterns from tls_fact where policy_type = 'sts'"));
    }

    @Test
    void everyResultHasItsPlaceInTheTable() throws SQLException {
        for (TlsResult result : TlsResult.values()) {
            see(NO_POLICY, result, 1);
        }
        tally.step();
        assertEquals(
                TlsResult.values().length,
                rows("select distinct result from tls_fact").size());
    }

    @Test
    void aPolicyThatWasChangedIsAnother() throws SQLException {
        see(STS, TlsResult.SUCCESS, 1);
        see(new TlsFacts(STS.type(), List.of("version: STSv1"), DOMAIN, STS.mxPatterns(), null), TlsResult.SUCCESS, 1);
        tally.step();
        assertEquals(2, rows("select distinct policy_id from tls_fact").size());
    }

    @Test
    void moreDifferentCountsThanFitAreDropped() throws SQLException {
        TlsTally small = new TlsTally(database, () -> now, new TallyLimits(3, 100, Duration.ofDays(14)));
        for (int i = 0; i < 10; i++) {
            small.observed(NO_POLICY, "mx" + i + ".example", IP, TlsResult.SUCCESS);
            small.observed(NO_POLICY, "mx0.example", IP, TlsResult.SUCCESS);
        }
        small.step();
        assertEquals(
                List.of("mx0.example|11", "mx1.example|1", "mx2.example|1"),
                rows("select mx_host, sessions from tls_fact order by mx_host"));
        small.observed(NO_POLICY, "mx9.example", IP, TlsResult.SUCCESS);
        small.step();
        assertEquals(4, counts().size(), "there is room again");
    }

    @Test
    void withoutTheDatabaseCountsWait() throws SQLException {
        see(NO_POLICY, TlsResult.SUCCESS, 2);
        database.set(Faults.down());
        assertFalse(tally.step());
        see(NO_POLICY, TlsResult.SUCCESS, 1);
        assertFalse(tally.step());
        database.set(Faults.none());
        assertTrue(tally.step());
        assertEquals(List.of("3"), rows("select sessions from tls_fact"));
    }

    @Test
    void oldRowsGo() throws SQLException {
        see(NO_POLICY, TlsResult.SUCCESS, 1);
        tally.step();
        now = now.plus(Duration.ofDays(14));
        tally.step();
        assertEquals(1, counts().size());
        now = now.plus(Duration.ofDays(1));
        tally.step();
        assertEquals(List.of(), counts());
    }

    @Test
    void whatStrangersWroteFits() throws SQLException {
        String longLine = "x".repeat(1_500);
        TlsFacts hostile = new TlsFacts(
                TlsFacts.Type.STS,
                List.of("a\0b\nc\ud800d", longLine, longLine),
                DOMAIN,
                List.of(),
                PolicyFailure.STS_POLICY_INVALID);
        see(hostile, TlsResult.STS_POLICY_INVALID, 1);
        assertTrue(tally.step());
        assertEquals(List.of("a?b?c?d\n" + longLine), rows("select policy from tls_fact"));
    }

    @Test
    void nodesAddAtOnce() throws Exception {
        List<TlsTally> nodes = List.of(
                new TlsTally(TEST.gateway(), () -> now, TallyLimits.DEFAULT),
                new TlsTally(TEST.gateway(), () -> now, TallyLimits.DEFAULT),
                new TlsTally(TEST.gateway(), () -> now, TallyLimits.DEFAULT));
        List<Integer> hosts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            hosts.add(i);
        }
        for (int round = 0; round < 5; round++) {
            for (TlsTally node : nodes) {
                Collections.reverse(hosts);
                hosts.forEach(i -> node.observed(NO_POLICY, "mx" + i + ".example", IP, TlsResult.SUCCESS));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Boolean>> steps =
                        nodes.stream().map(node -> threads.submit(node::step)).toList();
                for (Future<Boolean> step : steps) {
                    assertTrue(step.get(20, TimeUnit.SECONDS));
                }
            }
        }
        assertEquals(List.of("40|600"), rows("select count(*), sum(sessions) from tls_fact"));
    }

    @Test
    void theOperatorReadsAndNobodyElseDoes() throws SQLException {
        try (Connection c = TEST.database().operator().getConnection();
                Statement s = c.createStatement()) {
            s.execute("select * from tls_fact");
            assertThrows(SQLException.class, () -> s.execute("delete from tls_fact"));
        }
        try (Connection c = TEST.database().app().getConnection();
                Statement s = c.createStatement()) {
            assertThrows(SQLException.class, () -> s.execute("select * from tls_fact"));
        }
    }
}
