package io.sekisho.gateway.queue;

import java.sql.SQLException;

/** The answer to a commit was lost: it may or may not have taken effect. The caller looks before it writes again. */
public final class CommitInDoubtException extends SQLException {
    private static final long serialVersionUID = 1L;

    CommitInDoubtException(SQLException cause) {
        super("the answer to a commit was lost: " + cause.getMessage(), cause.getSQLState(), cause);
    }
}
