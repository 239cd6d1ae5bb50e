package io.sekisho.gateway.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * The open recipients in the database. A transaction that touches rows of a lane locks the lane first, lanes in the order of
 * their ids; so {@code next_due} is never later than the first due row.
 */
public final class QueueStore {
    /** How long a lease lasts; an attempt is bounded to less. */
    public static final Duration LEASE = Duration.ofHours(1);

    private static final String LOCK_LANES = "select id from lane where id = any(?) order by id for update";

    private final Transactions transactions;
    private final FilingStore filing = new FilingStore();
    private final DoubtfulClaimsStore doubtful = new DoubtfulClaimsStore();
    private final Set<LocalDate> partitions = ConcurrentHashMap.newKeySet();

    /** A store on the gateway's login. */
    public QueueStore(DataSource gateway) {
        this.transactions = new Transactions(gateway);
    }

    /** Notes that the node has started and frees the leases of its older boots. */
    public Node boot(String name) throws SQLException {
        return transactions.run(connection -> {
            long boot = number(
                    connection,
                    "insert into node (name, boot) values (?, 1) on conflict (name) do update set boot = node.boot + 1"
                            + " returning boot",
                    name);
            try (PreparedStatement s = connection.prepareStatement("with freed as (update queue set lease = null"
                    + " where lease_node = ? and lease_boot < ? and lease is not null returning lane_id)"
                    + " update lane set next_due = '-infinity' where id in (select lane_id from freed)")) {
                s.setString(1, name);
                s.setLong(2, boot);
                s.executeUpdate();
            }
            return new Node(name, boot);
        });
    }

    private static long number(Connection connection, String sql, String parameter) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, parameter);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getLong(1);
            }
        }
    }

    /**
     * Writes messages: mail rows, and for those not ended body and queue rows. A message that is there already is left as
     * it is, so that filing twice is harmless.
     *
     * @throws CommitInDoubtException when it may have been written
     */
    public void file(List<Filing> messages, Node node) throws SQLException {
        Set<LocalDate> days = new HashSet<>();
        messages.forEach(m -> days.add(m.facts().day()));
        days.removeAll(partitions);
        for (LocalDate day : days) {
            ensurePartition(day);
        }
        transactions.change(connection -> {
            filing.file(connection, messages, node);
        });
    }

    /** Makes the day's partition of mail. */
    public void ensurePartition(LocalDate day) throws SQLException {
        transactions.change(connection -> {
            try (PreparedStatement s = connection.prepareStatement("select ensure_mail_partition(?)")) {
                s.setObject(1, day);
                s.execute();
            }
        });
        partitions.add(day);
    }

    /** Which of the messages are in the database, and on its synchronous standby if it has one. */
    public Set<UUID> filed(Collection<MailFacts> messages) throws SQLException {
        Columns columns = new Columns("date", "uuid");
        messages.forEach(m -> columns.add(m.day()).add(m.id()));
        return transactions.run(connection -> {
            Set<UUID> found = new HashSet<>();
            try (PreparedStatement s =
                    connection.prepareStatement("select m.id from unnest(?::date[], ?::uuid[]) as d(day, id)"
                            + " join mail m on m.day = d.day and m.id = d.id and m.recipient = 0")) {
                columns.set(s, 1);
                try (ResultSet r = s.executeQuery()) {
                    while (r.next()) {
                        found.add(r.getObject(1, UUID.class));
                    }
                }
            }
            awaitStandby(connection);
            return found;
        });
    }

    /**
     * Has the commit wait for the synchronous standby. A primary that crashed and came back shows what it had committed, though its
     * standby may not have got it: what is to be forgotten elsewhere because it is read here would be gone if the standby took over.
     */
    private static void awaitStandby(Connection connection) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("select pg_logical_emit_message(true, 'sekisho', '')")) {
            s.execute();
        }
    }

    /** Asks the database for a sign of life. */
    public void ping() throws SQLException {
        filed(List.of());
    }

    /** Applies outcomes to leased rows. An item whose lease is no longer in force changes nothing. */
    public void settle(List<Settlement.Item> items) throws SQLException {
        transactions.change(connection -> {
            SettlingStore.settle(connection, items);
        });
    }

    /** Notes the health of lanes. */
    public void backOff(List<LaneBackoff> lanes) throws SQLException {
        transactions.change(connection -> {
            Columns columns = new Columns("uuid", "timestamptz", "int");
            for (LaneBackoff lane : lanes) {
                columns.add(lane.key().id()).add(lane.until()).add(lane.failures());
            }
            try (PreparedStatement s = connection.prepareStatement(
                    "update lane set backoff_until = d.until, failures = d.failures"
                            + " from unnest(?::uuid[], ?::timestamptz[], ?::int[]) as d(id, until, failures) where lane.id = d.id")) {
                columns.set(s, 1);
                s.executeUpdate();
            }
        });
    }

    /**
     * Lanes with due recipients, the longest due first; those that back off are due when that is over. Takes no lock. What a
     * claim in doubt may have leased is freed before.
     *
     * @param lanes ids of lanes to leave out
     * @param tenants whose lanes to leave out
     */
    public List<LaneKey> dueLanes(Instant now, int limit, Collection<UUID> lanes, Collection<UUID> tenants)
            throws SQLException {
        doubtful.free(transactions);
        return transactions.run(connection -> ClaimingStore.dueLanes(connection, now, limit, lanes, tenants));
    }

    /**
     * Leases due recipients of a lane to the node.
     *
     * @param limit the most recipients
     * @param tokens makes lease tokens, one for each message
     * @return one entry for each message
     */
    public List<Claimed> claim(LaneKey lane, Instant now, int limit, Node node, Supplier<UUID> tokens)
            throws SQLException {
        List<UUID> leases = new ArrayList<>();
        try {
            return transactions.run(connection -> {
                List<Claimed> claimed = ClaimingStore.claim(connection, lane, now, limit, node, tokens);
                claimed.forEach(c -> leases.add(c.lease()));
                return claimed;
            });
        } catch (CommitInDoubtException e) {
            doubtful.add(leases);
            throw e;
        }
    }

    /** Frees leases whose end has passed: their node died or hangs. @return how many */
    public int reap() throws SQLException {
        return transactions.run(connection -> {
            try (PreparedStatement s = connection.prepareStatement("with freed as (update queue set lease = null"
                    + " where lease is not null and lease_until < now() returning lane_id)"
                    + " update lane set next_due = '-infinity' where id in (select lane_id from freed)")) {
                return s.executeUpdate();
            }
        });
    }

    /** Messages whose blob nobody needs any more, not even after a standby took over. */
    public List<UUID> tombstones(int limit) throws SQLException {
        return transactions.run(connection -> {
            List<UUID> found = new ArrayList<>();
            try (PreparedStatement s =
                    connection.prepareStatement("select message from tombstone order by message limit ?")) {
                s.setInt(1, limit);
                try (ResultSet r = s.executeQuery()) {
                    while (r.next()) {
                        found.add(r.getObject(1, UUID.class));
                    }
                }
            }
            if (!found.isEmpty()) {
                awaitStandby(connection);
            }
            return found;
        });
    }

    /** The blobs are gone. */
    public void bury(List<UUID> messages) throws SQLException {
        transactions.change(connection -> {
            try (PreparedStatement s = connection.prepareStatement("delete from tombstone where message = any(?)")) {
                s.setArray(1, connection.createArrayOf("uuid", messages.toArray()));
                s.executeUpdate();
            }
        });
    }

    /** Whether the database knows of a blob of the message, as needed or as to be deleted. */
    public boolean knowsBody(UUID message) throws SQLException {
        return transactions.run(connection -> {
            try (PreparedStatement s = connection.prepareStatement(
                    "select 1 from body where message = ?" + " union all select 1 from tombstone where message = ?")) {
                s.setObject(1, message);
                s.setObject(2, message);
                try (ResultSet r = s.executeQuery()) {
                    return r.next();
                }
            }
        });
    }

    static void lockLanes(Connection connection, Collection<UUID> lanes) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(LOCK_LANES)) {
            s.setArray(1, connection.createArrayOf("uuid", lanes.toArray()));
            s.execute();
        }
    }

    static OffsetDateTime offset(Instant i) {
        return OffsetDateTime.ofInstant(i, ZoneOffset.UTC);
    }
}
