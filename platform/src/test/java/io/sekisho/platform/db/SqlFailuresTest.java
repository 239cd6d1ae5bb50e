package io.sekisho.platform.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.platform.db.SqlFailures.Kind;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailuresTest {
    @ParameterizedTest
    @CsvSource({
        "08006, GONE",
        "08001, GONE",
        "57P01, GONE",
        "57P03, GONE",
        "57014, GONE",
        "53300, GONE",
        "53100, GONE",
        "58030, GONE",
        "25006, GONE",
        "28P01, GONE",
        "3D000, GONE",
        "XX001, GONE",
        "40001, CONFLICT",
        "40P01, CONFLICT",
        "55P03, CONFLICT",
        "42601, MISTAKE",
        "42501, MISTAKE",
        "23505, MISTAKE",
        "22001, MISTAKE",
        "25P02, MISTAKE",
        "'', MISTAKE"
    })
    void theStateDecides(String state, Kind kind) {
        assertEquals(kind, SqlFailures.kind(new SQLException("words", state)));
        assertEquals(
                kind,
                SqlFailures.kind(new RuntimeException(new IllegalStateException(new SQLException("words", state)))));
    }

    @Test
    void aPoolWithoutConnectionsMeansGone() {
        assertEquals(Kind.GONE, SqlFailures.kind(new SQLTransientConnectionException("no connection in 5000 ms")));
        assertEquals(Kind.GONE, SqlFailures.kind(new SQLException("HikariDataSource has been closed")));
    }

    @Test
    void theFirstStateCountsAndOtherFailuresAreMistakes() {
        assertEquals(
                Kind.CONFLICT,
                SqlFailures.kind(
                        new BatchUpdateException("batch", "40P01", new int[0], new SQLException("x", "08006"))));
        assertEquals(Kind.MISTAKE, SqlFailures.kind(new IllegalStateException("no database in it")));
    }
}
