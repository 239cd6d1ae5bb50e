package io.sekisho.testkit.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.platform.db.SqlFailures;
import io.sekisho.testkit.db.Faults.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(180)
class FailingDataSourceTest {
    private static final TestDatabase database =
            TestDatabase.fresh(new TestDatabase.Migration("tried", "classpath:db/tried"));

    @AfterAll
    static void close() throws Exception {
        database.close();
    }

    private final FailingDataSource failing = new FailingDataSource(database.gateway());

    private void insert(int n) throws SQLException {
        try (Connection connection = failing.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement("insert into tried values (?)")) {
                statement.setInt(1, n);
                statement.executeUpdate();
            }
            connection.commit();
        }
    }

    private static boolean there(int n) {
        return JdbcClient.create(database.gateway())
                        .sql("select count(*) from tried where n = ?")
                        .param(n)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    @Test
    void withoutFaultsEverythingGoesThrough() throws SQLException {
        insert(1);
        assertTrue(there(1));
        assertEquals(0, failing.injected());
    }

    @Test
    void aCommitThatFailsBeforeLeavesNothing() {
        failing.set(Faults.atCommit(Fault.BEFORE));
        SQLException e = assertThrows(SQLException.class, () -> insert(2));
        assertTrue(SqlFailures.databaseGone(e));
        assertFalse(there(2));
    }

    @Test
    void aCommitThatFailsAfterHasBeenDone() {
        failing.set(Faults.atCommit(Fault.AFTER));
        SQLException e = assertThrows(SQLException.class, () -> insert(3));
        assertTrue(SqlFailures.databaseGone(e));
        assertTrue(there(3));
        assertEquals(1, failing.injected());
    }

    @Test
    void aStatementThatFailsInATransactionLeavesNothing() {
        for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER)) {
            failing.set(Faults.at(sql -> sql.startsWith("insert"), fault));
            assertThrows(SQLException.class, () -> insert(4));
            assertFalse(there(4));
        }
    }

    @Test
    void aStatementByItselfThatFailsAfterHasBeenDone() throws SQLException {
        failing.set(Faults.at(sql -> true, Fault.AFTER));
        try (Connection connection = failing.getConnection();
                var statement = connection.createStatement()) {
            assertThrows(SQLException.class, () -> statement.execute("insert into tried values (5)"));
        }
        assertTrue(there(5));
    }

    @Test
    void aBrokenConnectionIsOfNoUse() throws SQLException {
        try (Connection connection = failing.getConnection()) {
            failing.set(Faults.at(sql -> true, Fault.BEFORE));
            try (var statement = connection.createStatement()) {
                assertThrows(SQLException.class, () -> statement.execute("select 1"));
                failing.set(Faults.none());
                assertThrows(SQLException.class, () -> statement.execute("select 1"));
            }
            assertThrows(SQLException.class, connection::createStatement);
            assertThrows(SQLException.class, connection::rollback);
            assertTrue(connection.isClosed());
        }
        for (int i = 0; i < 20; i++) { // more often than the pool has connections
            assertFalse(there(100 + i));
        }
    }

    @Test
    void aDatabaseThatIsDownGivesNoConnections() throws SQLException {
        failing.set(Faults.down());
        SQLException e = assertThrows(SQLException.class, failing::getConnection);
        assertTrue(SqlFailures.databaseGone(e));
        failing.set(Faults.none());
        insert(6);
        assertTrue(there(6));
    }

    @Test
    void aSeedRepeatsItsFaults() throws SQLException {
        List<String> first = story(42, 1_000);
        assertEquals(first, story(42, 2_000));
        assertTrue(
                first.contains("true true") && first.contains("false true") && first.contains("false false"),
                first::toString);
    }

    /** For each insert: whether it was answered and whether it was done. */
    private List<String> story(long seed, int from) {
        failing.set(Faults.seeded(new Random(seed), 0.15));
        List<String> story = new ArrayList<>();
        for (int n = from; n < from + 60; n++) {
            boolean answered;
            try {
                insert(n);
                answered = true;
            } catch (SQLException e) {
                assertTrue(SqlFailures.databaseGone(e), e::toString);
                answered = false;
            }
            story.add(answered + " " + there(n));
        }
        return story;
    }
}
