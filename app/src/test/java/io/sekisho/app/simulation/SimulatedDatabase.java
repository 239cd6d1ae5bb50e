package io.sekisho.app.simulation;

import io.sekisho.testkit.db.FailingDataSource;
import io.sekisho.testkit.db.Faults.Call;
import io.sekisho.testkit.db.Faults.Fault;
import io.sekisho.testkit.db.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** Real PostgreSQL behind a connection that fails when the story says so. */
final class SimulatedDatabase implements AutoCloseable {
    private final TestDatabase database =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));
    private final FailingDataSource connections = new FailingDataSource(database.gateway());
    private boolean failCommit;
    private boolean failAfter;

    /** Empties the tables for the next story. */
    void empty(Faults faults) {
        failCommit = false;
        run("truncate mail, lane, body, queue, tombstone, node");
        connections.set((call, sql) -> {
            faults.place("before " + call);
            if (faults.databaseDown) {
                return Fault.BEFORE;
            }
            if (failCommit && call == Call.COMMIT) {
                failCommit = false;
                return failAfter ? Fault.AFTER : Fault.BEFORE;
            }
            return Fault.NONE;
        });
    }

    DataSource dataSource() {
        return connections;
    }

    /** The next commit fails; with {@code after}, only its answer is lost. */
    void failOneCommit(boolean after) {
        failCommit = true;
        failAfter = after;
    }

    void heal() {
        failCommit = false;
    }

    private void run(String sql) {
        try (Connection c = database.superuser();
                Statement s = c.createStatement()) {
            s.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long number(String sql) {
        try (Connection c = database.superuser();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Recipients that are due or leased. */
    long open() {
        return number("select count(*) from queue");
    }

    long bodies() {
        return number("select count(*) from body");
    }

    /** The state of each recipient, by sender and mailbox. */
    Map<String, String> ends() {
        Map<String, String> ends = new HashMap<>();
        try (Connection c = database.superuser();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select split_part(sender, '@', 1), mailbox, state from mail")) {
            while (r.next()) {
                String before = ends.put(r.getString(1) + " " + r.getString(2), r.getString(3));
                if (before != null) {
                    throw new AssertionError("two rows for " + r.getString(1) + " " + r.getString(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return ends;
    }

    @Override
    public void close() throws IOException, SQLException {
        database.close();
    }
}
