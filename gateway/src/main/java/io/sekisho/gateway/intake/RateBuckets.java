package io.sekisho.gateway.intake;

/**
 * Counts messages of many senders or recipients by the generic cell rate algorithm: a bucket holds a minute's messages and fills
 * up steadily. Of a bucket only the time is kept at which it will be full, so a full one needs no place.
 *
 * <p>The number of places is fixed. A key has sixteen to choose from; when none of them is free, the bucket that would be full
 * soonest gives its place up, and its key counts anew. So a flood of new keys, each with a message or two, pushes out others like
 * itself and never a bucket that is nearly empty.
 *
 * <p>Used by many threads; a lock guards 1024 places.
 */
final class RateBuckets {
    /** A minute in nanoseconds. */
    static final long MINUTE = 60_000_000_000L;

    private static final int CHOICES = 16;
    private static final int ROWS = 64;
    private static final int PLACES = CHOICES * ROWS;

    private final Stripe[] stripes;

    /** @param places a power of two of at least 1024 */
    RateBuckets(int places) {
        if (places < PLACES || Integer.bitCount(places) != 1) {
            throw new IllegalArgumentException("places for buckets are a power of two of at least " + PLACES);
        }
        stripes = new Stripe[places / PLACES];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe();
        }
    }

    /**
     * Takes one message out of a bucket.
     *
     * @param key a hash that nobody outside can aim
     * @param perMinute the limit, 1 to 1,000,000
     * @param now nanoseconds of a clock that never goes back
     * @return 0 when the message is within the limit; else nothing is counted, and so many nanoseconds later one would be
     */
    long take(long key, int perMinute, long now) {
        long named = named(key);
        return stripe(named).take(named, MINUTE / perMinute, perMinute, now);
    }

    /** Puts a message back that was taken with the same key and limit, and that came to nothing. */
    void giveBack(long key, int perMinute) {
        long named = named(key);
        stripe(named).giveBack(named, MINUTE / perMinute);
    }

    /** 0 stands for a free place. */
    private static long named(long key) {
        return key == 0 ? 1 : key;
    }

    /** How many buckets are not full. */
    int counting(long now) {
        int counting = 0;
        for (Stripe stripe : stripes) {
            counting += stripe.counting(now);
        }
        return counting;
    }

    private Stripe stripe(long key) {
        return stripes[(int) (key >>> 32) & stripes.length - 1];
    }

    private static final class Stripe {
        private static final long[] NOTHING = {};

        private long[] keys = NOTHING;
        private long[] fullAt = NOTHING;

        synchronized long take(long key, long every, int atOnce, long now) {
            int place = find(key);
            long full = place < 0 || fullAt[place] - now < 0 ? now : fullAt[place];
            long behind = full - now - (atOnce - 1) * every;
            if (behind > 0) {
                return behind;
            }
            int mine = place < 0 ? room(key, now) : place;
            keys[mine] = key;
            fullAt[mine] = full + every;
            return 0;
        }

        synchronized void giveBack(long key, long every) {
            int place = find(key);
            if (place >= 0) {
                fullAt[place] -= every;
            }
        }

        synchronized int counting(long now) {
            int counting = 0;
            for (int place = 0; place < keys.length; place++) {
                counting += keys[place] != 0 && fullAt[place] - now > 0 ? 1 : 0;
            }
            return counting;
        }

        /** The place of a key, or -1. */
        private int find(long key) {
            if (keys.length > 0) {
                int first = first(key);
                for (int place = first; place < first + CHOICES; place++) {
                    if (keys[place] == key) {
                        return place;
                    }
                }
            }
            return -1;
        }

        /** A place for a new key: one that is free, or else the one whose bucket will be full soonest. */
        private int room(long key, long now) {
            if (keys.length == 0) {
                keys = new long[PLACES];
                fullAt = new long[PLACES];
            }
            int first = first(key);
            int soonest = first;
            for (int place = first; place < first + CHOICES; place++) {
                if (keys[place] == 0 || fullAt[place] - now <= 0) {
                    return place;
                }
                if (fullAt[place] - fullAt[soonest] < 0) {
                    soonest = place;
                }
            }
            return soonest;
        }

        private static int first(long key) {
            return ((int) key & ROWS - 1) * CHOICES;
        }
    }
}
