package io.sekisho.testkit.db;

import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Decides which calls to the database fail. Asked once for each call, by the thread that makes it. */
@FunctionalInterface
public interface Faults {
    /** What is about to be done. */
    enum Call {
        /** A connection is wanted. */
        CONNECT,
        /** A statement, or a batch of one, is run. */
        STATEMENT,
        /** A transaction is committed. */
        COMMIT
    }

    /** What happens. */
    enum Fault {
        /** Nothing: the call goes through. */
        NONE,
        /** The connection breaks before the call reaches the server. */
        BEFORE,
        /** The server does what it is asked, and the connection breaks before the answer. */
        AFTER
    }

    /** The fate of a call. @param sql the statement; empty for the other calls */
    Fault next(Call call, String sql);

    /** Nothing fails. */
    static Faults none() {
        return (call, sql) -> Fault.NONE;
    }

    /** The database is gone: everything fails before it takes effect. */
    static Faults down() {
        return (call, sql) -> Fault.BEFORE;
    }

    /** The commits fail, and nothing else. */
    static Faults atCommit(Fault fault) {
        return (call, sql) -> call == Call.COMMIT ? fault : Fault.NONE;
    }

    /** The statements whose text matches fail, and nothing else. */
    static Faults at(Predicate<String> sql, Fault fault) {
        return (call, text) -> call == Call.STATEMENT && sql.test(text) ? fault : Fault.NONE;
    }

    /**
     * Calls fail at random, half of them after they took effect. The order of answers depends on the seed only, so one
     * thread sees the same faults each time.
     *
     * @param rate the share of calls that fail, from 0 to 1
     */
    static Faults seeded(RandomGenerator random, double rate) {
        return (call, sql) -> {
            synchronized (random) {
                boolean fails = random.nextDouble() < rate;
                boolean after = random.nextBoolean();
                return fails ? after ? Fault.AFTER : Fault.BEFORE : Fault.NONE;
            }
        };
    }
}
