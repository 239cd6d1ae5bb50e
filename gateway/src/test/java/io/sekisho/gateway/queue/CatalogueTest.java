package io.sekisho.gateway.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.db.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Walls between tenants, read from the database's own catalogue. */
class CatalogueTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));

    /** Tables that hold nothing of a tenant; dkim_key is about our own domain, tls_fact about those of others. */
    private static final Set<String> WITHOUT_TENANT =
            Set.of("node", "tombstone", "dkim_key", "tls_fact", "flyway_gateway");

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    private static Set<String> names(String sql) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                names.add(r.getString(1));
            }
        }
        return names;
    }

    @Test
    void everyTableOfTenantsHasForcedRowLevelSecurity() throws SQLException {
        Set<String> open = names("select relname from pg_class where relkind in ('r', 'p') and not relispartition"
                + " and relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)");
        assertEquals(new TreeSet<>(WITHOUT_TENANT), open);
    }

    @Test
    void aTenantSeesItsOwnRowsAndNobodyElses() throws Exception {
        UUID hakone = new UUID(0, 1);
        UUID arai = new UUID(0, 2);
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            for (UUID tenant : new UUID[] {hakone, arai}) {
                s.execute("insert into lane (id, tenant_id, kind, domain) values (gen_random_uuid(), '" + tenant
                        + "', 'customer', 'hakone.example')");
            }
        }
        long seen = TEST.database()
                .asTenant(
                        hakone,
                        db -> db.sql("select count(*) from lane")
                                .query(Long.class)
                                .single());
        assertEquals(1, seen);
        try (Connection c = TEST.database().app().getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select count(*) from lane")) {
            assertTrue(r.next());
            assertEquals(0, r.getLong(1), "without a tenant nothing is seen");
        }
    }

    @Test
    void theGatewayCannotChangeTheSchemaAndTheApplicationCannotTouchTheQueue() {
        assertThrows(SQLException.class, () -> {
            try (Connection c = TEST.gateway().getConnection();
                    Statement s = c.createStatement()) {
                s.execute("create table mine (x int)");
            }
        });
        assertThrows(SQLException.class, () -> {
            try (Connection c = TEST.database().app().getConnection();
                    Statement s = c.createStatement()) {
                s.execute("delete from queue");
            }
        });
    }
}
