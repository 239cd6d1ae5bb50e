package io.sekisho.smtp.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Decides who speaks to a client when the server stops: the session, if it is at work; whoever stops the server, if the
 * session waits for a command. Exactly one of them says 421.
 */
final class DrainGate {
    private static final int WORKING = 0;
    private static final int IDLE = 1;
    private static final int TAKEN = 2;

    private final AtomicInteger state = new AtomicInteger(WORKING);
    private final BooleanSupplier draining;

    /** @param draining whether the server stops */
    DrainGate(BooleanSupplier draining) {
        this.draining = draining;
    }

    /** The session is about to wait for a command. @return false when the server stops: the session says so itself */
    boolean idle() {
        state.set(IDLE);
        return !draining.getAsBoolean() || !state.compareAndSet(IDLE, WORKING);
    }

    /** The session has waited. @return false when another has said 421 meanwhile */
    boolean working() {
        return state.compareAndSet(IDLE, WORKING);
    }

    /** Takes an idle session over. @return true when the caller is the one to say 421 */
    boolean take() {
        return state.compareAndSet(IDLE, TAKEN);
    }

    boolean draining() {
        return draining.getAsBoolean();
    }
}
