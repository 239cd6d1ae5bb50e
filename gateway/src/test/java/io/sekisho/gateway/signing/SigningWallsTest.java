package io.sekisho.gateway.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sekisho.testkit.db.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who may see and change signing keys. */
class SigningWallsTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));
    private static final String NOT_ALLOWED = "42501";

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    private static void run(DataSource login, String sql) throws SQLException {
        try (Connection c = login.getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    private static void denied(DataSource login, String sql) {
        assertEquals(
                NOT_ALLOWED,
                assertThrows(SQLException.class, () -> run(login, sql), sql).getSQLState(),
                sql);
    }

    @Test
    void onlyTheGatewayHasTheSealedKeys() throws SQLException {
        run(
                TEST.gateway(),
                "insert into dkim_key values"
                        + " ('gate.example', 's', 'rsa-sha256', now(), null, null, null, 'p=', '\\x00')");
        run(TEST.gateway(), "select sealed from dkim_key");
        DataSource operator = TEST.database().operator();
        run(
                operator,
                "select domain, selector, algorithm, created_at, seen_at, active_from, retired_at, key_record"
                        + " from dkim_key");
        DataSource app = TEST.database().app();
        denied(app, "select domain from dkim_key");
        for (String sql : List.of(
                "select sealed from dkim_key",
                "select * from dkim_key",
                "update dkim_key set key_record = 'p='",
                "delete from dkim_key",
                "insert into dkim_key values"
                        + " ('gate.example', 't', 'rsa-sha256', now(), null, null, null, 'p=', '\\x00')")) {
            denied(operator, sql);
            denied(app, sql);
        }
    }
}
