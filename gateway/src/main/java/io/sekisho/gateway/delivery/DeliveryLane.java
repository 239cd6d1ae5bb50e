package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.spool.JournalledMessage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One lane on this node: what waits, how many attempts run, how its servers fare. When none of them could be reached, one attempt
 * is made first; each success then doubles the attempts at once.
 */
final class DeliveryLane {
    private final LaneKey key;
    private final DeliveryLimits limits;
    private final Set<JournalledMessage> fresh = new LinkedHashSet<>();
    private final Deque<Claimed> claimed = new ArrayDeque<>();
    private int running;
    private int runningFresh;
    private int window;
    private int failures;
    private boolean backlog;
    private boolean starving;
    private Instant backoffUntil = Instant.EPOCH;
    private Instant movedAt = Instant.EPOCH;

    DeliveryLane(LaneKey key, DeliveryLimits limits) {
        this.key = key;
        this.limits = limits;
        this.window = limits.perLane();
    }

    LaneKey key() {
        return key;
    }

    synchronized void offer(JournalledMessage message) {
        fresh.add(message);
    }

    synchronized void withdraw(JournalledMessage message) {
        fresh.remove(message);
    }

    synchronized void claimed(List<Claimed> work, boolean more) {
        claimed.addAll(work);
        backlog = more;
    }

    /** How many more recipients to claim; 0 when enough wait or the lane backs off. */
    synchronized int wanted(Instant now) {
        return now.isBefore(backoffUntil) || claimed.size() >= window ? 0 : Math.min(limits.claim(), window * 4);
    }

    /**
     * The next attempt, counted as running; null when nothing may begin. Fresh mail takes at most half of the attempts
     * while a backlog is due.
     */
    synchronized @Nullable Work next(Instant now, Supplier<UUID> tokens, Function<Claimed, Work> ofClaimed) {
        if (running >= window || now.isBefore(backoffUntil)) {
            return null;
        }
        boolean behind = backlog || !claimed.isEmpty();
        if (!behind || runningFresh < Math.max(1, window / 2)) {
            Iterator<JournalledMessage> i = fresh.iterator();
            while (i.hasNext()) {
                JournalledMessage message = i.next();
                i.remove();
                Claimed lease = message.lease(key, tokens.get());
                if (lease != null) {
                    running++;
                    runningFresh++;
                    return new Work(lease, message.content(), true);
                }
            }
        }
        Claimed next = claimed.poll();
        if (next == null) {
            return null;
        }
        running++;
        return ofClaimed.apply(next);
    }

    synchronized void done(Work work) {
        running--;
        if (work.fresh()) {
            runningFresh--;
        }
    }

    /** The next hop answered. @return true when more attempts at once may run now */
    synchronized boolean reached(Instant now) {
        int before = window;
        failures = 0;
        movedAt = now;
        window = Math.min(limits.perLane(), window * 2);
        return window > before;
    }

    /** The lane waits for an attempt to become free. @return false when that was known */
    synchronized boolean starve() {
        boolean news = !starving;
        starving = true;
        return news;
    }

    synchronized void fed() {
        starving = false;
    }

    /**
     * None of its servers could be reached. Attempts that were under way together count once.
     *
     * @param until when the first of them may be asked again
     */
    synchronized void unreachable(Instant now, Instant until) {
        if (now.isBefore(backoffUntil)) {
            return;
        }
        failures++;
        window = 1;
        backoffUntil = until;
    }

    synchronized Instant backoffUntil() {
        return backoffUntil;
    }

    synchronized int failures() {
        return failures;
    }

    synchronized boolean moving(Instant now) {
        return failures == 0 && now.isBefore(movedAt.plus(limits.moving()));
    }

    /** Claimed work that has not begun, taken out: it goes back to the queue. */
    synchronized List<Claimed> giveBack() {
        List<Claimed> back = new ArrayList<>(claimed);
        claimed.clear();
        return back;
    }

    /** Whether nothing waits or runs and nothing needs to be remembered. */
    synchronized boolean idle() {
        return running == 0 && fresh.isEmpty() && claimed.isEmpty() && failures == 0;
    }
}
