package io.sekisho.gateway.queue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.RecipientParameters;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds lanes that are due and leases their rows. */
final class ClaimingStore {
    /** A lane is due when its first row is and its back-off is over; the index is on just that, so that others cost nothing. */
    private static final String DUE_LANES = "select tenant_id, kind, domain from lane"
            + " where greatest(next_due, backoff_until) <= ? and not paused"
            + " and id <> all(?) and tenant_id <> all(?)"
            + " order by greatest(next_due, backoff_until), id limit ?";

    private static final String DUE_ROWS =
            "select message, recipient, local_part, domain, attempts, expires_at, notify, orcpt"
                    + " from queue where lane_id = ? and lease is null and next_at <= ?"
                    + " order by next_at, message, recipient limit ? for update skip locked";

    /** In a statement of its own: as a join it may be planned, by old statistics, as a walk through all bodies. */
    private static final String BODIES =
            "select message, received_at, peer::text, helo, extended, tls, local_part, domain, size,"
                    + " eight_bit, smtp_utf8, ret, envid, omitted from body where message = any(?)";

    private static final String LEASE = "update queue q set lease = d.lease, lease_node = ?,"
            + " lease_boot = ?, lease_until = now() + make_interval(secs => ?)"
            + " from unnest(?::uuid[], ?::int[], ?::uuid[]) as d(message, recipient, lease)"
            + " where q.message = d.message and q.recipient = d.recipient";

    private static final String NEXT_DUE = "update lane set next_due = coalesce((select min(next_at) from queue"
            + " where lane_id = lane.id and lease is null), 'infinity') where id = ?";

    private ClaimingStore() {}

    private record Row(UUID message, Recipient recipient, int attempts, Instant expires) {}

    static List<LaneKey> dueLanes(
            Connection connection, Instant now, int limit, Collection<UUID> lanes, Collection<UUID> tenants)
            throws SQLException {
        List<LaneKey> due = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(DUE_LANES)) {
            s.setObject(1, QueueStore.offset(now));
            s.setArray(2, connection.createArrayOf("uuid", lanes.toArray()));
            s.setArray(3, connection.createArrayOf("uuid", tenants.toArray()));
            s.setInt(4, limit);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    due.add(new LaneKey(r.getObject(1, UUID.class), Destination.of(r.getString(2), r.getString(3))));
                }
            }
        }
        return due;
    }

    static List<Claimed> claim(
            Connection connection, LaneKey lane, Instant now, int limit, Node node, Supplier<UUID> tokens)
            throws SQLException {
        QueueStore.lockLanes(connection, List.of(lane.id()));
        List<Row> rows = dueRows(connection, lane, now, limit);
        List<Claimed> claimed = rows.isEmpty() ? List.of() : byMessage(connection, lane, rows, tokens);
        if (!claimed.isEmpty()) {
            lease(connection, claimed, node);
        }
        try (PreparedStatement s = connection.prepareStatement(NEXT_DUE)) {
            s.setObject(1, lane.id());
            s.executeUpdate();
        }
        return claimed;
    }

    private static List<Row> dueRows(Connection connection, LaneKey lane, Instant now, int limit) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(DUE_ROWS)) {
            s.setObject(1, lane.id());
            s.setObject(2, QueueStore.offset(now));
            s.setInt(3, limit);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    Mailbox mailbox = new Mailbox(r.getString(3), r.getString(4));
                    rows.add(new Row(
                            r.getObject(1, UUID.class),
                            new Recipient(r.getInt(2), mailbox, lane, parameters(r)),
                            r.getInt(5),
                            r.getObject(6, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return rows;
    }

    private static List<Claimed> byMessage(Connection connection, LaneKey lane, List<Row> rows, Supplier<UUID> tokens)
            throws SQLException {
        Map<UUID, List<Row>> byMessage = new LinkedHashMap<>();
        rows.forEach(row -> byMessage
                .computeIfAbsent(row.message(), m -> new ArrayList<>(1))
                .add(row));
        Map<UUID, MailFacts> facts = facts(connection, byMessage.keySet(), lane.tenant());
        List<Claimed> claimed = new ArrayList<>(byMessage.size());
        byMessage.forEach((message, of) -> {
            MailFacts known = facts.get(message);
            if (known == null) {
                throw new IllegalStateException("open rows without a body: " + message);
            }
            claimed.add(new Claimed(
                    known,
                    tokens.get(),
                    lane,
                    of.stream().map(Row::recipient).toList(),
                    of.stream().map(Row::attempts).toList(),
                    of.getFirst().expires()));
        });
        return claimed;
    }

    private static Map<UUID, MailFacts> facts(Connection connection, Set<UUID> messages, UUID tenant)
            throws SQLException {
        Map<UUID, MailFacts> facts = HashMap.newHashMap(messages.size());
        try (PreparedStatement s = connection.prepareStatement(BODIES)) {
            s.setArray(1, connection.createArrayOf("uuid", messages.toArray()));
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    UUID message = r.getObject(1, UUID.class);
                    facts.put(message, facts(r, message, tenant));
                }
            }
        }
        return facts;
    }

    private static void lease(Connection connection, List<Claimed> claimed, Node node) throws SQLException {
        Columns columns = new Columns("uuid", "int", "uuid");
        for (Claimed c : claimed) {
            for (Recipient recipient : c.recipients()) {
                columns.add(c.facts().id()).add(recipient.number()).add(c.lease());
            }
        }
        try (PreparedStatement s = connection.prepareStatement(LEASE)) {
            s.setString(1, node.name());
            s.setLong(2, node.boot());
            s.setDouble(3, (double) QueueStore.LEASE.toSeconds());
            columns.set(s, 4);
            s.executeUpdate();
        }
    }

    private static MailFacts facts(ResultSet r, UUID message, UUID tenant) throws SQLException {
        String localPart = r.getString(7);
        return new MailFacts(
                message,
                r.getObject(2, OffsetDateTime.class).toInstant(),
                tenant,
                address(r.getString(3)),
                r.getString(4),
                r.getBoolean(5),
                r.getString(6),
                localPart.isEmpty()
                        ? new ReversePath.Null()
                        : new ReversePath.Of(new Mailbox(localPart, r.getString(8))),
                r.getLong(9),
                r.getBoolean(10),
                r.getBoolean(11),
                dsn(r.getString(12), r.getString(13)),
                FilingStore.ranges(r.getString(14)));
    }

    private static DsnOptions dsn(@Nullable String ret, @Nullable String envelopeId) {
        return ret == null && envelopeId == null
                ? DsnOptions.NONE
                : new DsnOptions(
                        ret == null ? DsnOptions.Returned.UNSAID : DsnOptions.Returned.valueOf(ret),
                        envelopeId == null ? "" : envelopeId);
    }

    private static RecipientParameters parameters(ResultSet r) throws SQLException {
        String notify = r.getString(7);
        String original = r.getString(8);
        Set<RecipientParameters.Notify> cases = notify == null ? null : RecipientParameters.notices(notify);
        return cases == null && original == null
                ? RecipientParameters.NONE
                : new RecipientParameters(cases == null ? Set.of() : cases, original == null ? "" : original);
    }

    /** The column holds an address, and nothing is looked up. */
    private static InetAddress address(String inet) throws SQLException {
        int slash = inet.indexOf('/');
        try {
            return InetAddress.ofLiteral(slash < 0 ? inet : inet.substring(0, slash));
        } catch (IllegalArgumentException e) {
            throw new SQLException("not an address: " + inet, e);
        }
    }
}
