package io.sekisho.gateway.queue;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs work in a transaction and tells a lost commit from a failed one. */
record Transactions(DataSource dataSource) {
    /** Work on one connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Work that answers nothing. */
    @FunctionalInterface
    interface Change {
        void run(Connection connection) throws SQLException;
    }

    /** As {@link #run}. */
    void change(Change change) throws SQLException {
        run(connection -> {
            change.run(connection);
            return true;
        });
    }

    /** @throws CommitInDoubtException when only the answer to the commit is missing; other exceptions mean that nothing was changed */
    <T> T run(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            T result;
            try {
                result = work.run(connection);
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
            try {
                connection.commit();
            } catch (SQLException e) {
                if (refused(e)) {
                    throw e;
                }
                throw new CommitInDoubtException(e);
            }
            return result;
        }
    }

    /** The server itself answered that it rolled back (integrity, serialization, deadlock). */
    private static boolean refused(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("23") || state.startsWith("40") || state.startsWith("25"));
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
