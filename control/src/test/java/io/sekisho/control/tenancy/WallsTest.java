package io.sekisho.control.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.db.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Walls between tenants in every table, with every login, read from the database's own catalogue. */
class WallsTest {
    private static final UUID HAKONE = new UUID(0, 1);
    private static final UUID ARAI = new UUID(0, 2);
    /** Tables that hold nothing of a tenant; dkim_key is about our own domain, tls_fact about those of others. */
    private static final Set<String> WITHOUT_TENANT =
            Set.of("node", "tombstone", "dkim_key", "tls_fact", "flyway_gateway", "flyway_control");

    private static final TestDatabase TEST = TestDatabase.fresh(
            new TestDatabase.Migration("gateway", "classpath:db/gateway"),
            new TestDatabase.Migration("control", "classpath:db/control"));

    /** A row of each tenant in every table. */
    @BeforeAll
    static void rows() throws SQLException {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            s.execute("select ensure_mail_partition('2026-11-25')");
            for (UUID tenant : List.of(HAKONE, ARAI)) {
                String t = "'" + tenant + "'";
                String name = tenant.equals(HAKONE) ? "hakone" : "arai";
                s.execute("insert into tenant values (" + t + ", '" + name + "', 'x', 'active', false, now())");
                s.execute("insert into contract values (" + t + ", '{inbound}', 1, 1)");
                s.execute("insert into domain (tenant_id, name, state, recipients) values (" + t + ", '" + name
                        + ".example', 'proven', 'listed')");
                s.execute("insert into domain_owner values ('" + name + ".example', " + t + ")");
                s.execute("insert into route values (" + t + ", '" + name + ".example', 'mx.example', 25, 10)");
                s.execute("insert into recipient values (" + t + ", '" + name + ".example', 'a', 'a', null, now())");
                s.execute("insert into learned values (" + t + ", '" + name + ".example', 'b', 'b', now())");
                s.execute("insert into early_mail values (" + t + ", '" + name + ".example', now(), now(), 1)");
                s.execute("insert into contact values (" + t + ", 'a@b.example', 'a', 'b.example', 'japanese')");
                s.execute("insert into notice values (" + t + ", 'held_mail', '', now())");
                s.execute("insert into settings_change (tenant_id) values (" + t + ")");
                s.execute("insert into audit (tenant_id, at, actor, change, object) values (" + t
                        + ", now(), 'x', 'x', 'x')");
                s.execute("insert into lane (id, tenant_id, kind, domain) values (" + t + ", " + t + ", 'customer', '"
                        + name + ".example')");
                s.execute(
                        "insert into body (message, day, tenant_id, received_at, peer, helo, extended, tls, local_part, domain,"
                                + " size, eight_bit, smtp_utf8) select " + t + ", '2026-11-25', " + t
                                + ", now(), '192.0.2.1', 'x', true, '', 'a', 'b.example', 1, false, false");
                s.execute(
                        "insert into queue (message, recipient, tenant_id, lane_id, local_part, domain, next_at, attempts,"
                                + " expires_at) values (" + t + ", 0, " + t + ", " + t
                                + ", 'a', 'x', now(), 0, now())");
                s.execute(
                        "insert into mail (day, id, recipient, tenant_id, received_at, peer, helo, sender, mailbox, size,"
                                + " destination, state, attempts) values ('2026-11-25', " + t + ", 0, " + t
                                + ", now(), '192.0.2.1', 'x', 'a', 'b', 1, 'x', 'open', 0)");
            }
        }
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    private static List<String> tables() throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select relname from pg_class where relkind in ('r', 'p')"
                        + " and not relispartition and relnamespace = 'public'::regnamespace order by relname")) {
            while (r.next()) {
                if (!WITHOUT_TENANT.contains(r.getString(1))) {
                    tables.add(r.getString(1));
                }
            }
        }
        return tables;
    }

    private static String column(String table) {
        return table.equals("tenant") ? "id" : "tenant_id";
    }

    /** Whose rows are seen in the table; "denied" when the login may not read it at all. */
    private static Set<String> seen(DataSource login, String tenant, String table) throws SQLException {
        Set<String> seen = new TreeSet<>();
        try (Connection c = login.getConnection()) {
            c.setAutoCommit(false);
            try (PreparedStatement s = c.prepareStatement("select set_config('app.tenant', ?, true)")) {
                s.setString(1, tenant);
                s.execute();
            }
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("select " + column(table) + "::text from " + table)) {
                while (r.next()) {
                    seen.add(r.getString(1));
                }
            } catch (SQLException e) {
                assertEquals("42501", e.getSQLState(), e.getMessage());
                seen.add("denied");
            } finally {
                c.rollback();
            }
        }
        return seen;
    }

    @Test
    void everyTableOfTenantsHasForcedRowLevelSecurity() throws SQLException {
        Set<String> open = new TreeSet<>();
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select relname from pg_class where relkind in ('r', 'p')"
                        + " and not relispartition and relnamespace = 'public'::regnamespace"
                        + " and not (relrowsecurity and relforcerowsecurity)")) {
            while (r.next()) {
                open.add(r.getString(1));
            }
        }
        assertEquals(new TreeSet<>(WITHOUT_TENANT), open);
        assertTrue(tables().size() >= 16, tables().toString());
    }

    @Test
    void theApplicationSeesOneTenantOnlyInEveryTable() throws SQLException {
        for (String table : tables()) {
            for (UUID tenant : List.of(HAKONE, ARAI)) {
                Set<String> seen = seen(TEST.database().app(), tenant.toString(), table);
                assertTrue(
                        seen.equals(Set.of(tenant.toString())) || seen.equals(Set.of("denied")), table + ": " + seen);
            }
            assertTrue(
                    Set.of(Set.of(), Set.of("denied"))
                            .contains(seen(TEST.database().app(), "", table)),
                    table + " without a tenant");
        }
    }

    @Test
    void theOperatorSeesAllTenantsAndChangesNone() throws SQLException {
        for (String table : tables()) {
            Set<String> seen = seen(TEST.database().operator(), HAKONE.toString(), table);
            assertTrue(
                    seen.equals(Set.of("denied")) || seen.equals(Set.of(HAKONE.toString(), ARAI.toString())),
                    table + ": " + seen);
            assertThrows(SQLException.class, () -> {
                try (Connection c = TEST.database().operator().getConnection();
                        Statement s = c.createStatement()) {
                    s.execute("delete from " + table);
                }
            });
        }
    }

    @Test
    void theApplicationCannotWriteIntoAnotherTenant() {
        List<String> statements = List.of(
                "insert into recipient values ('" + ARAI + "', 'arai.example', 'x', 'x', null, now())",
                "insert into route values ('" + ARAI + "', 'arai.example', 'evil.example', 25, 0)",
                "insert into domain_owner values ('stolen.example', '" + ARAI + "')",
                "insert into audit (tenant_id, at, actor, change, object) values ('" + ARAI
                        + "', now(), 'x', 'x', 'x')",
                "update tenant set id = '" + ARAI + "'",
                "insert into settings_change (tenant_id) values ('" + HAKONE + "')");
        for (String sql : statements) {
            assertThrows(
                    org.springframework.dao.DataAccessException.class,
                    () -> TEST.database().asTenant(HAKONE, db -> db.sql(sql).update()),
                    sql);
        }
        for (String sql : List.of(
                "delete from recipient where domain = 'arai.example'",
                "update route set host = 'evil.example' where domain = 'arai.example'",
                "update tenant set messages_per_minute = 1 where name = 'arai'",
                "delete from domain_owner where name = 'arai.example'")) {
            int changed = TEST.database().asTenant(HAKONE, db -> db.sql(sql).update());
            assertEquals(0, changed, sql);
        }
    }

    @Test
    void theAuditCannotBeChanged() {
        for (String sql : List.of("delete from audit", "update audit set actor = 'somebody else'")) {
            assertThrows(
                    org.springframework.dao.DataAccessException.class,
                    () -> TEST.database().asTenant(HAKONE, db -> db.sql(sql).update()));
        }
    }
}
