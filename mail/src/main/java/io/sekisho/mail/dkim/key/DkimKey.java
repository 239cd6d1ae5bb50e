package io.sekisho.mail.dkim.key;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key in its life: made and published, then signing, then retired but still published, then gone.
 *
 * @param selector what it is published under
 * @param algorithm what it signs with
 * @param created when it was made; from then on its record is published
 * @param activeFrom when it begins to sign; null while that is not decided
 * @param retiredAt when it ends to sign; null while that is not decided
 */
public record DkimKey(
        Selector selector,
        DkimAlgorithm algorithm,
        Instant created,
        @Nullable Instant activeFrom,
        @Nullable Instant retiredAt) {
    /** Checks the order of the times. @throws IllegalArgumentException when it signs before it was made, or retires before that */
    public DkimKey {
        if (activeFrom != null && activeFrom.isBefore(created) || retiredAt != null && retiredAt.isBefore(created)) {
            throw new IllegalArgumentException("a key is made, then signs, then is retired");
        }
    }

    /** Whether it may sign at a time. */
    public boolean signsAt(Instant now) {
        return activeFrom != null && !activeFrom.isAfter(now) && (retiredAt == null || retiredAt.isAfter(now));
    }

    /** Whether it is published, has not signed yet and is to do so. */
    public boolean waitsAt(Instant now) {
        return retiredAt == null && (activeFrom == null || activeFrom.isAfter(now));
    }

    /** The same key, signing from a time on. */
    public DkimKey activated(Instant at) {
        return new DkimKey(selector, algorithm, created, at, retiredAt);
    }

    /** The same key, no longer signing from a time on. */
    public DkimKey retired(Instant at) {
        return new DkimKey(selector, algorithm, created, activeFrom, at);
    }
}
