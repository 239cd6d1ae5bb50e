package io.sekisho.gateway.queue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.OctetRange;
import io.sekisho.smtp.DsnOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes messages to the database, once. */
final class FilingStore {
    private static final String[] MAIL_TYPES = {
        "date",
        "uuid",
        "int",
        "uuid",
        "timestamptz",
        "inet",
        "text",
        "text",
        "text",
        "bigint",
        "text",
        "text",
        "int",
        "text",
        "text",
        "text",
        "timestamptz",
        "text",
        "text"
    };
    private static final String MAIL_COLUMNS =
            "day, id, recipient, tenant_id, received_at, peer, helo, sender, mailbox, size,"
                    + " destination, state, attempts, notify, orcpt, reason, ended_at, server, reply";
    private static final String INSERT_MAIL = "insert into mail (" + MAIL_COLUMNS + ") select * from unnest("
            + casts(MAIL_TYPES) + ") on conflict do nothing";

    private static final String[] BODY_TYPES = {
        "uuid",
        "date",
        "uuid",
        "timestamptz",
        "inet",
        "text",
        "boolean",
        "text",
        "text",
        "text",
        "bigint",
        "boolean",
        "boolean",
        "text",
        "text",
        "text"
    };

    /** Queue and body rows come only from mail rows that this very statement has inserted. */
    private static final String INSERT_OPEN = "with d as (select * from unnest("
            + casts(MAIL_TYPES)
            + ", ?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::uuid[], ?::boolean[])"
            + " as d(" + MAIL_COLUMNS
            + ", lane_id, local_part, domain, next_at, expires_at, lease, keep)),"
            + " m as (insert into mail (" + MAIL_COLUMNS + ") select " + MAIL_COLUMNS
            + " from d on conflict do nothing returning day, id, recipient),"
            + " b as (insert into body (message, day, tenant_id, received_at, peer, helo, extended, tls, local_part, domain, size,"
            + " eight_bit, smtp_utf8, ret, envid, omitted) select f.* from unnest(" + casts(BODY_TYPES)
            + ") as f(message, day, tenant_id, received_at, peer, helo, extended, tls, local_part, domain, size, eight_bit,"
            + " smtp_utf8, ret, envid, omitted)"
            + " where exists (select 1 from m where m.id = f.message) on conflict do nothing),"
            + " t as (insert into tombstone (message) select distinct d.id from d join m using (id, recipient)"
            + " where not d.keep on conflict do nothing)"
            + " insert into queue (message, recipient, tenant_id, lane_id, local_part, domain, next_at, attempts, expires_at,"
            + " detail, notify, orcpt, lease, lease_node, lease_boot, lease_until)"
            + " select d.id, d.recipient, d.tenant_id, d.lane_id, d.local_part, d.domain, d.next_at, d.attempts, d.expires_at,"
            + " d.reply, d.notify, d.orcpt, d.lease, case when d.lease is not null then ?::text end,"
            + " case when d.lease is not null then ?::bigint end,"
            + " case when d.lease is not null then now() + make_interval(secs => ?) end"
            + " from d join m using (id, recipient) where d.state = 'open'";

    private static String casts(String... types) {
        StringBuilder out = new StringBuilder();
        for (String type : types) {
            out.append(out.isEmpty() ? "?::" : ", ?::").append(type).append("[]");
        }
        return out.toString();
    }

    void file(Connection connection, List<Filing> messages, Node node) throws SQLException {
        Columns ended = new Columns(MAIL_TYPES);
        List<Filing> others =
                messages.stream().filter(m -> m.inBlob() || m.keepsBody()).toList();
        for (Filing message : messages) {
            if (!message.inBlob() && !message.keepsBody()) {
                for (Filing.Row row : message.rows()) {
                    mail(ended, message.facts(), row);
                }
            }
        }
        if (!ended.isEmpty()) {
            try (PreparedStatement s = connection.prepareStatement(INSERT_MAIL)) {
                ended.set(s, 1);
                s.executeUpdate();
            }
        }
        if (!others.isEmpty()) {
            fileOpen(connection, others, node);
        }
    }

    private static void fileOpen(Connection connection, List<Filing> messages, Node node) throws SQLException {
        Map<UUID, LaneKey> lanes = new LinkedHashMap<>();
        Map<UUID, Instant> due = new TreeMap<>();
        Columns rows = new Columns(openTypes());
        Columns bodies = new Columns(BODY_TYPES);
        for (Filing message : messages) {
            boolean keep = message.keepsBody();
            if (keep) {
                body(bodies, message.facts());
            }
            for (Filing.Row row : message.rows()) {
                LaneKey lane = row.recipient().lane();
                Instant next = row.outcome() instanceof DeliveryOutcome.Deferred d
                        ? d.next()
                        : message.facts().receivedAt();
                mail(rows, message.facts(), row);
                Mailbox mailbox = row.recipient().mailbox();
                rows.add(lane.id()).add(mailbox.localPart()).add(mailbox.domain());
                rows.add(next).add(message.expires()).add(row.lease()).add(keep);
                if (row.open()) {
                    lanes.put(lane.id(), lane);
                    if (row.lease() == null) {
                        due.merge(lane.id(), next, (a, b) -> a.isBefore(b) ? a : b);
                    }
                }
            }
        }
        lanes(connection, lanes);
        try (PreparedStatement s = connection.prepareStatement(INSERT_OPEN)) {
            int parameter = bodies.set(s, rows.set(s, 1));
            s.setString(parameter, node.name());
            s.setLong(parameter + 1, node.boot());
            s.setDouble(parameter + 2, (double) QueueStore.LEASE.toSeconds());
            s.executeUpdate();
        }
        SettlingStore.due(connection, due);
    }

    private static String[] openTypes() {
        String[] types = Arrays.copyOf(MAIL_TYPES, MAIL_TYPES.length + 7);
        String[] more = {"uuid", "text", "text", "timestamptz", "timestamptz", "uuid", "boolean"};
        System.arraycopy(more, 0, types, MAIL_TYPES.length, more.length);
        return types;
    }

    private static void lanes(Connection connection, Map<UUID, LaneKey> lanes) throws SQLException {
        if (lanes.isEmpty()) {
            return;
        }
        Columns columns = new Columns("uuid", "uuid", "text", "text");
        new TreeMap<>(lanes)
                .forEach((id, key) -> columns.add(id)
                        .add(key.tenant())
                        .add(key.to().kind())
                        .add(key.to().domain()));
        try (PreparedStatement s = connection.prepareStatement("insert into lane (id, tenant_id, kind, domain)"
                + " select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[]) on conflict do nothing")) {
            columns.set(s, 1);
            s.executeUpdate();
        }
        QueueStore.lockLanes(connection, lanes.keySet());
    }

    private static void mail(Columns columns, MailFacts facts, Filing.Row row) {
        columns.add(facts.day()).add(facts.id()).add(row.recipient().number()).add(facts.tenant());
        columns.add(facts.receivedAt()).add(facts.peer().getHostAddress()).add(facts.helo());
        columns.add(facts.reversePath().toString())
                .add(row.recipient().mailbox().toString());
        columns.add(facts.size()).add(row.recipient().lane().to().toString());
        columns.add(row.open() ? "open" : row.outcome() instanceof DeliveryOutcome.Held ? "held" : "ended");
        columns.add(row.attempts());
        columns.add(said(row.recipient().parameters().notifyValue()));
        columns.add(said(row.recipient().parameters().originalRecipient()));
        end(columns, row.open() ? null : row.outcome());
        columns.add(row.outcome() instanceof DeliveryOutcome.Delivered d ? d.server() : null);
        columns.add(detail(row.outcome()));
    }

    private static void end(Columns columns, @Nullable DeliveryOutcome outcome) {
        columns.add(outcome instanceof DeliveryOutcome.Held held ? held.reason().name() : null);
        columns.add(outcome == null ? null : outcome.at());
    }

    static @Nullable String detail(@Nullable DeliveryOutcome outcome) {
        return switch (outcome) {
            case null -> null;
            case DeliveryOutcome.Delivered d -> d.reply();
            case DeliveryOutcome.Deferred d -> d.detail();
            case DeliveryOutcome.Held h -> h.detail();
            case DeliveryOutcome.Returned r -> null;
        };
    }

    private static void body(Columns columns, MailFacts facts) {
        columns.add(facts.id()).add(facts.day()).add(facts.tenant()).add(facts.receivedAt());
        columns.add(facts.peer().getHostAddress())
                .add(facts.helo())
                .add(facts.extended())
                .add(facts.tls());
        switch (facts.reversePath()) {
            case ReversePath.Null n -> columns.add("").add("");
            case ReversePath.Of of ->
                columns.add(of.mailbox().localPart()).add(of.mailbox().domain());
        }
        columns.add(facts.size()).add(facts.eightBit()).add(facts.smtpUtf8());
        DsnOptions dsn = facts.dsn();
        columns.add(
                dsn.returned() == DsnOptions.Returned.UNSAID
                        ? null
                        : dsn.returned().name());
        columns.add(said(dsn.envelopeId())).add(said(ranges(facts.omitted())));
    }

    private static @Nullable String said(String value) {
        return value.isEmpty() ? null : value;
    }

    /** Ranges as text, such as {@code 12-80,100-150}. */
    private static String ranges(List<OctetRange> ranges) {
        return ranges.stream().map(range -> range.from() + "-" + range.to()).collect(Collectors.joining(","));
    }

    /** Reads what {@link #ranges(List)} has written. */
    static List<OctetRange> ranges(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        return Arrays.stream(text.split(",")).map(FilingStore::range).toList();
    }

    private static OctetRange range(String text) {
        int dash = text.indexOf('-');
        return new OctetRange(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }
}
