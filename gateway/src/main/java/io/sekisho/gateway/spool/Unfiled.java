package io.sekisho.gateway.spool;

import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The messages that are in the journal and not in the database. Safe from any thread. */
final class Unfiled {
    private final Map<UUID, JournalledMessage> byId = new ConcurrentHashMap<>();
    /** In the order of acceptance; filed ones are dropped when the filer passes them. */
    private final Queue<JournalledMessage> byAge = new ConcurrentLinkedQueue<>();

    private final Queue<JournalledMessage> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger endedCount = new AtomicInteger();
    private final Queue<JournalledMessage> deferred = new ConcurrentLinkedQueue<>();

    void add(JournalledMessage message) {
        byId.put(message.facts().id(), message);
        byAge.add(message);
    }

    @Nullable
    JournalledMessage get(UUID id) {
        return byId.get(id);
    }

    boolean contains(UUID id) {
        return byId.containsKey(id);
    }

    void remove(JournalledMessage message) {
        byId.remove(message.facts().id());
    }

    int size() {
        return byId.size();
    }

    /** An outcome has come: the message may be ready to be filed. @return the number that wait with all recipients ended */
    int changed(JournalledMessage message) {
        if (message.ended()) {
            ended.add(message);
            return endedCount.incrementAndGet();
        }
        if (message.deferred()) {
            deferred.add(message);
        }
        return endedCount.get();
    }

    int endedCount() {
        return endedCount.get();
    }

    @Nullable
    JournalledMessage nextEnded() {
        JournalledMessage message = ended.poll();
        if (message != null) {
            endedCount.decrementAndGet();
        }
        return message;
    }

    @Nullable
    JournalledMessage nextDeferred() {
        return deferred.poll();
    }

    /** Oldest first. */
    Iterator<JournalledMessage> byAge() {
        return byAge.iterator();
    }

    /** When the oldest message was received, or null when there is none. */
    @Nullable
    Instant oldest() {
        JournalledMessage head = byAge.peek();
        while (head != null && head.stage() == JournalledMessage.Stage.FILED) {
            byAge.remove(head);
            head = byAge.peek();
        }
        return head == null ? null : head.facts().receivedAt();
    }
}
