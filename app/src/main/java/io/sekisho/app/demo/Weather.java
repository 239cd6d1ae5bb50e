package io.sekisho.app.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * How a customer's server feels at a time: some seconds well, then some seconds of one kind of trouble, and so on. The same
 * seed gives the same weather. Time may only go forward; an earlier instant sees the present mood.
 */
final class Weather {
    /** What a server does with its clients. */
    enum Mood {
        /** It takes mail. */
        WELL,
        /** It answers 421 and closes (RFC 5321 section 3.8). */
        TURNING_AWAY,
        /** It answers 451 to every MAIL. */
        PUTTING_OFF,
        /** It ends the connection when the content is about to come. */
        DROPPING
    }

    private static final Mood[] TROUBLES = {Mood.TURNING_AWAY, Mood.PUTTING_OFF, Mood.DROPPING};

    private final RandomGenerator random;
    private final boolean alwaysWell;
    private Mood mood = Mood.WELL;
    private Instant until;

    private Weather(RandomGenerator random, Instant until, boolean alwaysWell) {
        this.random = random;
        this.until = until;
        this.alwaysWell = alwaysWell;
    }

    /** A server that is always well. */
    static Weather fair() {
        return new Weather(() -> 0, Instant.EPOCH, true);
    }

    /** Well for 8 to 20 s, in trouble for 3 to 8 s, in turns. @param random used by this weather only */
    static Weather changing(RandomGenerator random, Instant start) {
        return new Weather(random, start.plus(seconds(random, 8, 20)), false);
    }

    /** The mood at a time. Any thread. */
    synchronized Mood at(Instant now) {
        while (!alwaysWell && !now.isBefore(until)) {
            mood = mood == Mood.WELL ? TROUBLES[random.nextInt(TROUBLES.length)] : Mood.WELL;
            until = until.plus(mood == Mood.WELL ? seconds(random, 8, 20) : seconds(random, 3, 8));
        }
        return mood;
    }

    private static Duration seconds(RandomGenerator random, int first, int last) {
        return Duration.ofSeconds(first + random.nextInt(last - first + 1));
    }
}
