package io.sekisho.gateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.testkit.db.FailingDataSource;
import io.sekisho.testkit.db.Faults;
import io.sekisho.testkit.db.Faults.Fault;
import io.sekisho.testkit.db.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EarlyMailTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final UUID HAKONE = new UUID(0, 1);
    private static final UUID ARAI = new UUID(0, 2);
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));

    private final List<MailEvent> events = new ArrayList<>();
    private Instant now = NOW;
    private final EarlyMail early = early(TEST.gateway());

    private EarlyMail early(DataSource gateway) {
        return new EarlyMail(gateway, events::add, () -> now);
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            s.execute("truncate early_mail");
        }
    }

    private static List<String> rows() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select tenant_id, domain, recipients,"
                        + " extract(epoch from last_at - first_at)::int from early_mail order by tenant_id")) {
            while (r.next()) {
                rows.add(r.getObject(1, UUID.class).getLeastSignificantBits() + " " + r.getString(2) + " "
                        + r.getLong(3) + " " + r.getInt(4));
            }
        }
        return rows;
    }

    @Test
    void everyoneWhoSetsTheDomainUpHasACount() throws SQLException {
        early.note("hakone.example", Set.of(HAKONE, ARAI));
        early.note("hakone.example", Set.of(HAKONE, ARAI));
        early.step();
        assertEquals(List.of("1 hakone.example 2 0", "2 hakone.example 2 0"), rows());
        assertEquals(2, events.size());
    }

    @Test
    void aStormIsOneEventAMinute() throws SQLException {
        for (int second = 0; second <= 60; second++) {
            early.note("hakone.example", Set.of(HAKONE));
            early.step();
            now = now.plusSeconds(1);
        }
        assertEquals(
                List.of(
                        new MailEvent.Early(NOW, HAKONE, "hakone.example", 1),
                        new MailEvent.Early(NOW.plus(Duration.ofMinutes(1)), HAKONE, "hakone.example", 60)),
                events);
        assertEquals(List.of("1 hakone.example 61 60"), rows());
    }

    @Test
    void whatTheDatabaseDoesNotTakeWaits() throws SQLException {
        FailingDataSource failing = new FailingDataSource(TEST.gateway());
        failing.set((call, sql) -> Fault.BEFORE);
        EarlyMail waiting = early(failing);
        waiting.note("hakone.example", Set.of(HAKONE));
        waiting.step();
        assertEquals(List.of(), events);
        failing.set(Faults.none());
        waiting.step();
        assertEquals(List.of("1 hakone.example 1 0"), rows());
    }
}
