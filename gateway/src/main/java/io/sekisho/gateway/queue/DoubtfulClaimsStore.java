package io.sekisho.gateway.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The leases of claims whose commit got no answer. They may be in force, but nobody attempts their rows: without this they would
 * wait until the leases end.
 */
final class DoubtfulClaimsStore {
    private final Queue<UUID> leases = new ConcurrentLinkedQueue<>();

    void add(List<UUID> tokens) {
        leases.addAll(tokens);
    }

    /** Frees them. When that fails they are kept for the next time. */
    void free(Transactions transactions) throws SQLException {
        List<UUID> taken = new ArrayList<>();
        UUID next;
        while ((next = leases.poll()) != null) {
            taken.add(next);
        }
        if (taken.isEmpty()) {
            return;
        }
        try {
            transactions.change(connection -> {
                run(
                        connection,
                        "select id from lane where id in (select lane_id from queue where lease = any(?)) order by id for update",
                        taken);
                run(
                        connection,
                        "with freed as (update queue set lease = null where lease = any(?) returning lane_id)"
                                + " update lane set next_due = '-infinity' where id in (select lane_id from freed)",
                        taken);
            });
        } catch (SQLException e) {
            leases.addAll(taken);
            throw e;
        }
    }

    private static void run(Connection connection, String sql, List<UUID> tokens) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setArray(1, connection.createArrayOf("uuid", tokens.toArray()));
            s.execute();
        }
    }
}
