package io.sekisho.platform.db;

import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;

/** Tells what a failure of the database means for the one who asked. */
public final class SqlFailures {
    /** What to do about a failure. */
    public enum Kind {
        /** The database cannot serve us now, whatever we ask: try later. */
        GONE,
        /** Another transaction was in the way: try the same transaction again. */
        CONFLICT,
        /** The statement or its values are wrong: trying again does not help. */
        MISTAKE
    }

    private SqlFailures() {}

    /** The kind of a failure, from the first {@link SQLException} among the failure and its causes. */
    public static Kind kind(Throwable failure) {
        SQLException first = null;
        int depth = 0;
        for (@Nullable Throwable t = failure; t != null && depth < 32; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                first = first == null ? sql : first;
                if (sql.getSQLState() != null) {
                    return ofState(sql.getSQLState());
                }
            }
            depth++;
        }
        // an error without a state was made on our side of the wire: by the pool, when it gets no connection
        return first == null || first instanceof SQLNonTransientException ? Kind.MISTAKE : Kind.GONE;
    }

    /** Whether it is worth trying later without a change. */
    public static boolean databaseGone(Throwable failure) {
        return kind(failure) == Kind.GONE;
    }

    private static Kind ofState(String state) {
        return switch (state) {
            case "40001", "40P01", "55P03" -> Kind.CONFLICT; // serialization failure, deadlock, lock not available
            case "57014", // stopped by a time limit
                    "25006", // the server is a standby now
                    "25P03", // it closed a transaction that had been idle for too long
                    "3D000", // the database is not there
                    "40003" -> // it is not known whether the statement was completed
                Kind.GONE;
            default ->
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    // connection, login refused, no resources, stopped by the operator, disk, configuration, internal
                    case "08", "28", "53", "57", "58", "F0", "XX" -> Kind.GONE;
                    default -> Kind.MISTAKE;
                };
        };
    }
}
