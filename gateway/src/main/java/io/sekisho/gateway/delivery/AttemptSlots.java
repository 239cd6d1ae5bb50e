package io.sekisho.gateway.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that may run at once. Lanes whose servers are slow together never hold all of them, nor does one tenant, so that
 * a quick lane finds one. A lane that finds none waits here; tenants take turns, and so do the lanes of a tenant. Safe from any
 * thread.
 */
final class AttemptSlots {
    private final int total;
    private final int share;
    private final Set<DeliveryLane> waiting = new HashSet<>();
    private final Turns quickTurns = new Turns();
    private final Turns slowTurns = new Turns();
    private final Map<UUID, Integer> ofTenant = new HashMap<>();
    private int running;
    private int slow;
    private boolean slowFirst;

    AttemptSlots(DeliveryLimits limits) {
        this.total = limits.total();
        this.share = limits.share();
    }

    /** Lanes in the order of their turns: one of each tenant, then the next one of each. */
    private static final class Turns {
        private final Map<UUID, Deque<DeliveryLane>> byTenant = new LinkedHashMap<>();

        void add(DeliveryLane lane) {
            byTenant.computeIfAbsent(lane.key().tenant(), t -> new ArrayDeque<>(2))
                    .add(lane);
        }

        /** The next lane of a tenant that may have one. */
        @Nullable
        DeliveryLane next(Predicate<UUID> may) {
            for (Iterator<Map.Entry<UUID, Deque<DeliveryLane>>> i =
                            byTenant.entrySet().iterator();
                    i.hasNext(); ) {
                Map.Entry<UUID, Deque<DeliveryLane>> entry = i.next();
                if (may.test(entry.getKey())) {
                    i.remove();
                    Deque<DeliveryLane> lanes = entry.getValue();
                    DeliveryLane lane = lanes.remove();
                    if (!lanes.isEmpty()) {
                        byTenant.put(entry.getKey(), lanes);
                    }
                    return lane;
                }
            }
            return null;
        }
    }

    /** Takes one for the lane, or lets the lane wait. @param isSlow whether the lane's servers are slow now */
    synchronized boolean take(DeliveryLane lane, boolean isSlow) {
        UUID tenant = lane.key().tenant();
        if (running < total && (!isSlow || slow < share) && mayHaveMore(tenant)) {
            running++;
            slow += isSlow ? 1 : 0;
            ofTenant.merge(tenant, 1, Integer::sum);
            return true;
        }
        await(lane, isSlow);
        return false;
    }

    /** The lane had its turn and may want another one after the others. */
    synchronized void await(DeliveryLane lane, boolean isSlow) {
        if (waiting.add(lane)) {
            (isSlow ? slowTurns : quickTurns).add(lane);
        }
    }

    /** Gives one back. @param wasSlow as it was taken */
    synchronized void free(DeliveryLane lane, boolean wasSlow) {
        running--;
        slow -= wasSlow ? 1 : 0;
        ofTenant.computeIfPresent(lane.key().tenant(), (t, n) -> n == 1 ? null : n - 1);
    }

    /** The lane whose turn it is, if there is a free slot that it may have; it waits no longer. */
    synchronized @Nullable DeliveryLane next() {
        if (waiting.isEmpty() || running >= total) {
            return null;
        }
        boolean slowNow = slowFirst && slow < share;
        slowFirst = !slowFirst;
        DeliveryLane lane = slowNow ? slowTurns.next(this::mayHaveMore) : quickTurns.next(this::mayHaveMore);
        if (lane == null && (slowNow || slow < share)) {
            lane = slowNow ? quickTurns.next(this::mayHaveMore) : slowTurns.next(this::mayHaveMore);
        }
        if (lane != null) {
            waiting.remove(lane);
        }
        return lane;
    }

    private boolean mayHaveMore(UUID tenant) {
        return ofTenant.getOrDefault(tenant, 0) < share;
    }

    synchronized int running() {
        return running;
    }
}
