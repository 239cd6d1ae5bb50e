package io.sekisho.gateway.delivery;

import io.sekisho.smtp.client.NextHop;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which servers cannot be reached. One that could not is left alone for a while, doubled each time; then one attempt at a time
 * asks it again until one gets through. Remembers only servers that are down, and forgets those nobody has asked for long.
 */
final class HopHealth {
    private final Map<NextHop, State> down = new ConcurrentHashMap<>();
    private final DeliveryLimits limits;

    HopHealth(DeliveryLimits limits) {
        this.limits = limits;
    }

    private record State(int failures, Instant until, boolean asking) {}

    /** A change of a server's health. @param failures in a row, 0 when it is up again, @param until when it is asked again */
    record Change(int failures, Instant until) {}

    /** Whether an attempt may ask the server now; one that is down then counts as being asked. */
    boolean mayAsk(NextHop hop, Instant now) {
        if (down.isEmpty()) {
            return true;
        }
        boolean[] may = {true};
        down.computeIfPresent(hop, (h, state) -> {
            may[0] = !state.asking() && !now.isBefore(state.until());
            return may[0] ? new State(state.failures(), state.until(), true) : state;
        });
        return may[0];
    }

    /** When the server may be asked again; the past when it may be now. */
    Instant until(NextHop hop) {
        State state = down.get(hop);
        return state == null ? Instant.EPOCH : state.until();
    }

    /** It answered. @return whether it was down before */
    boolean reached(NextHop hop) {
        return !down.isEmpty() && down.remove(hop) != null;
    }

    /** Nothing was learned: the attempt that asked it broke. */
    void notAsked(NextHop hop) {
        down.computeIfPresent(hop, (h, state) -> new State(state.failures(), state.until(), false));
    }

    /** It could not be reached. Attempts that were under way together count once. */
    Change unreachable(NextHop hop, Instant now) {
        boolean[] news = {false};
        State after = down.compute(hop, (h, state) -> {
            if (state != null && now.isBefore(state.until())) {
                return state;
            }
            news[0] = true;
            int failures = state == null ? 0 : state.failures();
            return new State(failures + 1, now.plus(backoff(limits, failures)), false);
        });
        if (down.size() > limits.hopsRemembered()) {
            down.values()
                    .removeIf(state -> state.until().plus(limits.lastBackoff()).isBefore(now));
        }
        return new Change(news[0] ? after.failures() : 0, after.until());
    }

    /** The wait after so many failures before this one. */
    static Duration backoff(DeliveryLimits limits, int failures) {
        Duration wait = limits.firstBackoff().multipliedBy(1L << Math.min(failures, 10));
        return wait.compareTo(limits.lastBackoff()) > 0 ? limits.lastBackoff() : wait;
    }
}
