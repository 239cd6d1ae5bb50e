package io.sekisho.gateway.policy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;

/** Notes how much mail came for domains in set-up, on the gateway's login. */
record EarlyMailStore(DataSource gateway) {
    /** Recipients put off. */
    record Count(DomainKey domain, long recipients) {}

    void add(List<Count> counts, Instant now) throws SQLException {
        try (Connection c = gateway.getConnection();
                PreparedStatement s = c.prepareStatement(
                        "insert into early_mail (tenant_id, domain, first_at, last_at, recipients) values (?, ?, ?, ?, ?)"
                                + " on conflict (tenant_id, domain) do update set last_at = excluded.last_at,"
                                + " recipients = early_mail.recipients + excluded.recipients")) {
            OffsetDateTime at = OffsetDateTime.ofInstant(now, ZoneOffset.UTC);
            c.setAutoCommit(false);
            for (Count count : counts) {
                s.setObject(1, count.domain().tenant());
                s.setString(2, count.domain().name());
                s.setObject(3, at);
                s.setObject(4, at);
                s.setLong(5, count.recipients());
                s.addBatch();
            }
            s.executeBatch();
            c.commit();
        }
    }
}
