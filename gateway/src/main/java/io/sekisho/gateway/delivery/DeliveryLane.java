package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.spool.JournalledMessage;
import java.time.Duration;
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
 * One lane on this node: what waits, how many attempts run, how its servers fare. It begins with few attempts at once, after a
 * failure with one; each success doubles them.
 */
final class DeliveryLane {
    private final LaneKey key;
    private final UUID id;
    private final DeliveryLimits limits;
    private final Set<JournalledMessage> fresh = new LinkedHashSet<>();
    private final Deque<Claimed> claimed = new ArrayDeque<>();
    private int running;
    private int runningFresh;
    private int window;
    private int failures;
    private boolean backlog;
    private Duration lastTook = Duration.ZERO;
    private Instant progressAt = Instant.EPOCH;
    private Instant backoffUntil = Instant.EPOCH;
    private Instant movedAt = Instant.EPOCH;

    DeliveryLane(LaneKey key, DeliveryLimits limits) {
        this.key = key;
        this.id = key.id();
        this.limits = limits;
        this.window = limits.first();
    }

    LaneKey key() {
        return key;
    }

    /** The lane's id in the database. */
    UUID id() {
        return id;
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

    /** Whether enough is claimed for now. */
    synchronized boolean full() {
        return claimed.size() >= window;
    }

    /** How many more recipients to claim; 0 when enough wait or the lane backs off. */
    synchronized int wanted(Instant now) {
        return now.isBefore(backoffUntil) || claimed.size() >= window ? 0 : Math.min(limits.claim(), window * 4);
    }

    /** Whether there is something to begin that may begin. */
    synchronized boolean ready(Instant now) {
        return running < window
                && !now.isBefore(backoffUntil)
                && (!claimed.isEmpty() || !fresh.isEmpty() && freshMay());
    }

    private boolean freshMay() {
        boolean behind = backlog || !claimed.isEmpty();
        return !behind || runningFresh < Math.max(1, window / 2);
    }

    /**
     * The next attempt, counted as running; null when nothing may begin. Fresh mail takes at most half of the attempts
     * while a backlog is due.
     */
    synchronized @Nullable Work next(Instant now, Supplier<UUID> tokens, Function<Claimed, Work> ofClaimed) {
        if (!ready(now)) {
            return null;
        }
        if (freshMay()) {
            Iterator<JournalledMessage> i = fresh.iterator();
            while (i.hasNext()) {
                JournalledMessage message = i.next();
                i.remove();
                Claimed lease = message.lease(key, tokens.get());
                if (lease != null) {
                    begin(now);
                    runningFresh++;
                    return new Work(lease, message.content(), true);
                }
            }
        }
        Claimed next = claimed.poll();
        if (next == null) {
            return null;
        }
        begin(now);
        return ofClaimed.apply(next);
    }

    private void begin(Instant now) {
        if (running++ == 0) {
            progressAt = now;
        }
    }

    /** An attempt has ended. @param took how long it took */
    synchronized void done(Work work, Duration took, Instant now) {
        running--;
        if (work.fresh()) {
            runningFresh--;
        }
        lastTook = took;
        progressAt = now;
    }

    /** Whether its servers take long: the last attempt did, or none of those that run has ended for long. */
    synchronized boolean slow(Instant now) {
        return lastTook.compareTo(limits.slow()) >= 0 || running > 0 && !now.isBefore(progressAt.plus(limits.slow()));
    }

    /** The next hop answered. @return true when more attempts at once may run now */
    synchronized boolean reached(Instant now) {
        int before = window;
        failures = 0;
        movedAt = now;
        window = Math.min(limits.perLane(), window * 2);
        return window > before;
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
