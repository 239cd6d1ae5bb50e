package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsRecord;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Answers while they hold, the least used ones given up first when there are too many. */
final class AnswerCache {
    /** Roughly what an entry takes beside the octets of its answer. */
    private static final int ENTRY_OCTETS = 200;

    private record Entry(DnsAnswer<?> answer, long until, int octets) {}

    private final DnsLimits.Remembered limits;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Question<?>, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long octets;

    AnswerCache(DnsLimits.Remembered limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /** The answer, with the time that is left to it; null when there is none. */
    @SuppressWarnings("unchecked") // a question maps to an answer of its own type, see put
    <R extends DnsRecord> @Nullable DnsAnswer<R> get(Question<R> question) {
        lock.lock();
        try {
            Entry entry = entries.get(question);
            if (entry == null) {
                return null;
            }
            long left = entry.until() - nanos.getAsLong();
            if (left <= 0) {
                entries.remove(question);
                octets -= entry.octets();
                return null;
            }
            return held((DnsAnswer<R>) entry.answer(), Duration.ofNanos(left));
        } finally {
            lock.unlock();
        }
    }

    /** Remembers an answer for as long as it holds. @param size octets that it came in */
    <R extends DnsRecord> void put(Question<R> question, DnsAnswer<R> answer, int size) {
        Duration holds = holds(answer);
        if (!holds.isPositive()) {
            return;
        }
        Entry entry = new Entry(answer, nanos.getAsLong() + holds.toNanos(), size + ENTRY_OCTETS);
        lock.lock();
        try {
            Entry before = entries.put(question, entry);
            octets += entry.octets() - (before == null ? 0 : before.octets());
            Iterator<Entry> oldest = entries.values().iterator();
            while (entries.size() > limits.answers() || octets > limits.octets()) {
                octets -= oldest.next().octets();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration holds(DnsAnswer<?> answer) {
        return switch (answer) {
            case DnsAnswer.Found<?> found -> found.ttl();
            case DnsAnswer.NoData<?> none -> none.ttl();
            case DnsAnswer.NoSuchName<?> none -> none.ttl();
            case DnsAnswer.TemporaryFailure<?> failure ->
                failure.cause() == DnsAnswer.Cause.BUSY ? Duration.ZERO : limits.failure();
        };
    }

    private static <R extends DnsRecord> DnsAnswer<R> held(DnsAnswer<R> answer, Duration left) {
        return switch (answer) {
            case DnsAnswer.Found<R> a -> new DnsAnswer.Found<>(a.owner(), a.records(), left, a.secure());
            case DnsAnswer.NoData<R> a -> new DnsAnswer.NoData<>(a.owner(), left, a.secure());
            case DnsAnswer.NoSuchName<R> a -> new DnsAnswer.NoSuchName<>(a.owner(), left, a.secure());
            case DnsAnswer.TemporaryFailure<R> a -> a;
        };
    }
}
