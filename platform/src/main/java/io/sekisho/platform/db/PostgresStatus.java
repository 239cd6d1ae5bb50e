package io.sekisho.platform.db;

/**
 * How the embedded PostgreSQL is doing.
 *
 * @param state what it does now
 * @param port where it listens, on 127.0.0.1
 * @param restarts how often it was started again after it had died
 * @param trouble the last thing that went wrong, empty when nothing did
 */
public record PostgresStatus(State state, int port, int restarts, String trouble) {
    /** What it does. */
    public enum State {
        /** It answers. */
        RUNNING,
        /** It died and is being started again. */
        RESTARTING,
        /** It was stopped on purpose. */
        STOPPED
    }
}
