package io.sekisho.platform.dns;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Work that is done once for all who want it at the same moment: a thousand messages to one domain ask the network one question.
 * Nothing is remembered once it is done.
 *
 * @param <K> what the work is known by
 * @param <V> what it comes to
 */
public final class SharedWork<K, V> {
    private final ConcurrentMap<K, CompletableFuture<V>> running = new ConcurrentHashMap<>();

    /** No work is on the way. */
    public SharedWork() {}

    /**
     * Does the work, or waits for one who does the same.
     *
     * @param work must end within a bound of its own; what it throws is thrown to all who wait
     */
    public V get(K key, Supplier<V> work) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> other = running.putIfAbsent(key, mine);
        if (other != null) {
            try {
                return other.join();
            } catch (CompletionException e) {
                throw new IllegalStateException("the work that was waited for failed: " + key, e.getCause());
            }
        }
        try {
            V done = work.get();
            mine.complete(done);
            return done;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(key, mine);
        }
    }
}
