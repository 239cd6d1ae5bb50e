package io.sekisho.platform.db;

/** The database cannot be used as it is set up. The message is for the administrator: what is wrong, and what to do. */
public final class DatabaseSetupException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong and what to do. */
    public DatabaseSetupException(String message) {
        super(message);
    }

    /** Says what is wrong and what to do, with the error behind it. */
    public DatabaseSetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
