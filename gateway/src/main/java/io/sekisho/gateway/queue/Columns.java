package io.sekisho.gateway.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows turned into one array for each column, for {@code unnest}. Rows are added value by value, in the columns' order. */
final class Columns {
    private final String[] types;
    private final List<List<@Nullable Object>> values;
    private int next;

    Columns(String... types) {
        this.types = types;
        this.values = new ArrayList<>(types.length);
        for (int i = 0; i < types.length; i++) {
            values.add(new ArrayList<>());
        }
    }

    Columns add(@Nullable Object value) {
        values.get(next).add(value instanceof Instant i ? text(i) : value);
        next = (next + 1) % types.length;
        return this;
    }

    /** PostgreSQL's own words for times: cheaper than a date object for each. */
    private static Object text(Instant i) {
        return OffsetDateTime.ofInstant(i, ZoneOffset.UTC).toString();
    }

    boolean isEmpty() {
        return values.getFirst().isEmpty();
    }

    /** Sets the parameters of the statement from number {@code from} on. @return the number after the last */
    int set(PreparedStatement statement, int from) throws SQLException {
        Connection connection = statement.getConnection();
        int parameter = from;
        for (int i = 0; i < types.length; i++) {
            statement.setArray(
                    parameter++,
                    connection.createArrayOf(types[i], values.get(i).toArray()));
        }
        return parameter;
    }
}
