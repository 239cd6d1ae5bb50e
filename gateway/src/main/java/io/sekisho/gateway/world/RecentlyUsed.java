package io.sekisho.gateway.world;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map with a bound: when it is full, what was used longest ago goes. May be used by many threads. */
final class RecentlyUsed<K, V> {
    private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final int bound;

    RecentlyUsed(int bound) {
        this.bound = bound;
    }

    synchronized @Nullable V get(K key) {
        return entries.get(key);
    }

    synchronized void put(K key, V value) {
        entries.put(key, value);
        if (entries.size() > bound) {
            var oldest = entries.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized void remove(K key) {
        entries.remove(key);
    }
}
