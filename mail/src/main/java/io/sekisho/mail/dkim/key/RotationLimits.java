package io.sekisho.mail.dkim.key;

import java.time.Duration;

/**
 * Periods of the rotation of keys.
 *
 * @param signs how long a key signs before the next one follows
 * @param publishedBefore how long a record is in DNS before its key follows another: what the record of the same name said before
 *     must be forgotten everywhere
 * @param publishedAfter how long a record stays in DNS after its key ended to sign: mail waits in queues, and is looked at again
 *     (RFC 6376 section 3.1 asks for a reasonable time)
 */
public record RotationLimits(Duration signs, Duration publishedBefore, Duration publishedAfter) {
    /** The product's periods. */
    public static final RotationLimits DEFAULT =
            new RotationLimits(Duration.ofDays(90), Duration.ofDays(3), Duration.ofDays(14));

    /** Checks that two selectors are enough. @throws IllegalArgumentException when a key would be needed before a selector is free */
    public RotationLimits {
        if (publishedBefore.isNegative()
                || publishedAfter.isNegative()
                || signs.compareTo(publishedBefore.plus(publishedAfter)) <= 0) {
            throw new IllegalArgumentException("a key signs for longer than records are published before and after");
        }
    }
}
