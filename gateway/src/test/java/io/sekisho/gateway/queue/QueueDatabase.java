package io.sekisho.gateway.queue;

import javax.sql.DataSource;

final class QueueDatabase {
    private QueueDatabase() {}

    static DataSource fresh() {
        var d = new org.springframework.jdbc.datasource.DriverManagerDataSource(
                "jdbc:postgresql://127.0.0.1:5544/sekisho", "sekisho_gateway", "");
        try (var o = java.sql.DriverManager.getConnection("jdbc:postgresql://127.0.0.1:5544/sekisho", "postgres", "");
                var s = o.createStatement()) {
            s.execute("truncate mail, lane, body, queue, tombstone, node");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        return d;
    }
}
