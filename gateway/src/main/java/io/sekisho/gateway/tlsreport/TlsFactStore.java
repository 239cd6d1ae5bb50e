package io.sekisho.gateway.tlsreport;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Map;
import java.util.SortedMap;
import javax.sql.DataSource;

/** The table {@code tls_fact}, on the gateway's login. */
final class TlsFactStore {
    private final DataSource gateway;

    TlsFactStore(DataSource gateway) {
        this.gateway = gateway;
    }

    /** Adds counts to the rows, all or none. */
    void add(SortedMap<TlsCount, Long> counts) throws SQLException {
        try (Connection c = gateway.getConnection()) {
            c.setAutoCommit(false);
            try (PreparedStatement s = c.prepareStatement(
                    "insert into tls_fact (day, policy_domain, policy_type, policy_id, policy, mx_patterns, mx_host,"
                            + " receiving_ip, result, sessions) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " on conflict (day, policy_domain, policy_type, policy_id, mx_host, receiving_ip, result)"
                            + " do update set sessions = tls_fact.sessions + excluded.sessions")) {
                for (Map.Entry<TlsCount, Long> entry : counts.entrySet()) {
                    TlsCount count = entry.getKey();
                    s.setObject(1, count.day());
                    s.setString(2, count.policyDomain());
                    s.setString(3, count.type().word());
                    s.setString(4, count.policyId());
                    s.setString(5, count.policy());
                    s.setString(6, count.mxPatterns());
                    s.setString(7, count.mxHost());
                    s.setString(8, count.address());
                    s.setString(9, count.result().word());
                    s.setLong(10, entry.getValue());
                    s.addBatch();
                }
                s.executeBatch();
                c.commit();
            } catch (SQLException | RuntimeException e) {
                rollback(c, e);
                throw e;
            }
        }
    }

    private static void rollback(Connection c, Exception cause) {
        try {
            c.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Deletes rows about days before this one. */
    void forget(LocalDate before) throws SQLException {
        try (Connection c = gateway.getConnection();
                PreparedStatement s = c.prepareStatement("delete from tls_fact where day < ?")) {
            s.setObject(1, before);
            s.executeUpdate();
        }
    }
}
