package io.sekisho.gateway.queue;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Ids of messages: UUIDv7 (RFC 9562 section 5.7), so that they sort by time of receipt. */
public final class MessageIds {
    private final RandomGenerator random;

    /** @param random must be safe for use by many threads */
    public MessageIds(RandomGenerator random) {
        this.random = random;
    }

    /** The next one. @param now its time, kept to the millisecond */
    public UUID next(Instant now) {
        long most = now.toEpochMilli() << 16 | 0x7000 | random.nextLong() & 0xfff;
        long least = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(most, least);
    }
}
