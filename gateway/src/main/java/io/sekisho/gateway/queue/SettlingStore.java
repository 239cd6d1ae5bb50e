package io.sekisho.gateway.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Applies outcomes to leased rows. */
final class SettlingStore {
    private static final String ITEMS =
            "unnest(?::uuid[], ?::int[], ?::uuid[], ?::int[], ?::timestamptz[], ?::text[], ?::text[],"
                    + " ?::timestamptz[], ?::text[], ?::text[]) as d(message, recipient, lease, attempts, next_at, detail, state, ended_at, reason, server)";

    /** The row goes, the mail row learns its end. */
    private static final String END = "with d as (select * from " + ITEMS + " where state is not null),"
            + " q as (delete from queue using d where queue.message = d.message and queue.recipient = d.recipient"
            + " and queue.lease = d.lease returning queue.message, queue.recipient)"
            + " update mail m set state = d.state, attempts = d.attempts, reason = d.reason, ended_at = d.ended_at,"
            + " server = d.server, reply = d.detail from d join q using (message, recipient)"
            + " join body b on b.message = d.message"
            + " where m.day = b.day and m.id = d.message and m.recipient = d.recipient";

    private static final String PUT_OFF = "with d as (select * from " + ITEMS + " where state is null)"
            + " update queue q set lease = null, attempts = d.attempts, next_at = coalesce(d.next_at, q.next_at),"
            + " detail = coalesce(d.detail, q.detail) from d"
            + " where q.message = d.message and q.recipient = d.recipient and q.lease = d.lease";

    /** The recipient that ends last leaves the tombstone; the lock on the body row makes one of two the last. */
    private static final String BURY = "with done as (delete from body b where b.message = any(?)"
            + " and not exists (select 1 from queue q where q.message = b.message)"
            + " and not exists (select 1 from mail m where m.day = b.day and m.id = b.message and m.state = 'held')"
            + " returning b.message) insert into tombstone (message) select message from done on conflict do nothing";

    private SettlingStore() {}

    static void settle(Connection connection, List<Settlement.Item> items) throws SQLException {
        Columns columns =
                new Columns("uuid", "int", "uuid", "int", "timestamptz", "text", "text", "timestamptz", "text", "text");
        Set<UUID> ending = new TreeSet<>();
        Set<UUID> messages = new TreeSet<>();
        for (Settlement.Item item : items) {
            add(columns, item);
            messages.add(item.message());
            if (item.outcome().ends()) {
                ending.add(item.message());
            }
        }
        lockLanesOf(connection, messages);
        if (!ending.isEmpty()) {
            lockBodies(connection, ending);
            run(connection, END, columns);
        }
        run(connection, PUT_OFF, columns);
        due(connection, dueOf(items, connection));
        if (!ending.isEmpty()) {
            try (PreparedStatement s = connection.prepareStatement(BURY)) {
                s.setArray(1, connection.createArrayOf("uuid", ending.toArray()));
                s.executeUpdate();
            }
        }
    }

    private static void add(Columns columns, Settlement.Item item) {
        DeliveryOutcome outcome = item.outcome();
        columns.add(item.message()).add(item.recipient()).add(item.lease()).add(item.attempts());
        columns.add(outcome instanceof DeliveryOutcome.Deferred d ? d.next() : null);
        columns.add(FilingStore.detail(outcome));
        switch (outcome) {
            case DeliveryOutcome.Delivered d ->
                columns.add("ended").add(d.at()).add(null).add(d.server());
            case DeliveryOutcome.Held h ->
                columns.add("held").add(h.at()).add(h.reason().name()).add(null);
            case DeliveryOutcome.Deferred d ->
                columns.add(null).add(null).add(null).add(null);
            case DeliveryOutcome.Returned r ->
                columns.add(null).add(null).add(null).add(null);
        }
    }

    private static void run(Connection connection, String sql, Columns columns) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            columns.set(s, 1);
            s.executeUpdate();
        }
    }

    private static void lockLanesOf(Connection connection, Set<UUID> messages) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("select id from lane where id in"
                + " (select lane_id from queue where message = any(?)) order by id for update")) {
            s.setArray(1, connection.createArrayOf("uuid", messages.toArray()));
            s.execute();
        }
    }

    private static void lockBodies(Connection connection, Set<UUID> messages) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "select message from body where message = any(?) order by message for update")) {
            s.setArray(1, connection.createArrayOf("uuid", messages.toArray()));
            s.execute();
        }
    }

    /** The lanes whose rows are free again, and when the first of them is due. */
    private static Map<UUID, Instant> dueOf(List<Settlement.Item> items, Connection connection) throws SQLException {
        Set<UUID> messages = new TreeSet<>();
        for (Settlement.Item item : items) {
            if (!item.outcome().ends()) {
                messages.add(item.message());
            }
        }
        Map<UUID, Instant> due = new HashMap<>();
        if (messages.isEmpty()) {
            return due;
        }
        try (PreparedStatement s = connection.prepareStatement("select lane_id, min(next_at) from queue"
                + " where message = any(?) and lease is null group by lane_id")) {
            s.setArray(1, connection.createArrayOf("uuid", messages.toArray()));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    due.put(
                            r.getObject(1, UUID.class),
                            r.getObject(2, java.time.OffsetDateTime.class).toInstant());
                }
            }
        }
        return due;
    }

    /** Makes the lanes due no later than said. They are locked already. */
    static void due(Connection connection, Map<UUID, Instant> due) throws SQLException {
        if (due.isEmpty()) {
            return;
        }
        Columns columns = new Columns("uuid", "timestamptz");
        due.forEach((id, at) -> columns.add(id).add(at));
        run(
                connection,
                "update lane set next_due = least(next_due, d.at) from unnest(?::uuid[], ?::timestamptz[]) as d(id, at)"
                        + " where lane.id = d.id",
                columns);
    }
}
