package io.sekisho.smtp.client;

import io.sekisho.smtp.tls.TlsPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sessions kept for the next message, a stack for each next hop and policy: the one used last is used first, so that the others grow
 * old and leave. Nothing here touches the network; whoever gets a session back from a method must end it.
 */
final class IdleSessions {
    private final ClientLimits.Kept limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Way, Deque<ClientSession>> stacks = new HashMap<>();
    private int count;
    private boolean closed;

    /** What a kept session is good for: never for another policy, so that no judge is passed over. */
    record Way(NextHop hop, TlsPolicy policy) {}

    IdleSessions(ClientLimits.Kept limits) {
        this.limits = limits;
    }

    /** The session for this way that was used last, unless it is too old. */
    @Nullable
    ClientSession take(Way way, long now) {
        lock.lock();
        try {
            Deque<ClientSession> stack = stacks.get(way);
            ClientSession newest = stack == null ? null : stack.peekFirst();
            if (stack == null || newest == null || newest.stale(now)) {
                return null;
            }
            stack.removeFirst();
            count--;
            if (stack.isEmpty()) {
                stacks.remove(way);
            }
            return newest;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a session. @return false when there is no room for it, or nothing is kept any more */
    boolean keep(Way way, ClientSession session) {
        lock.lock();
        try {
            if (closed || count >= limits.all()) {
                return false;
            }
            Deque<ClientSession> stack = stacks.get(way);
            if (stack == null) {
                stack = new ArrayDeque<>(4);
                stacks.put(way, stack);
            }
            if (stack.size() >= limits.perHop()) {
                return false;
            }
            stack.addFirst(session);
            count++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes out all sessions that have been idle for too long. */
    List<ClientSession> removeStale(long now) {
        List<ClientSession> removed = new ArrayList<>();
        lock.lock();
        try {
            Iterator<Deque<ClientSession>> each = stacks.values().iterator();
            while (each.hasNext()) {
                Deque<ClientSession> stack = each.next();
                for (var old = stack.peekLast(); old != null && old.stale(now); old = stack.peekLast()) {
                    removed.add(stack.removeLast());
                }
                if (stack.isEmpty()) {
                    each.remove();
                }
            }
            count -= removed.size();
        } finally {
            lock.unlock();
        }
        return removed;
    }

    /** Takes out all sessions and keeps no more. */
    List<ClientSession> close() {
        lock.lock();
        try {
            closed = true;
            List<ClientSession> all = new ArrayList<>(count);
            stacks.values().forEach(all::addAll);
            stacks.clear();
            count = 0;
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** How many are kept now. */
    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }
}
