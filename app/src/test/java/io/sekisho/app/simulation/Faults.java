package io.sekisho.app.simulation;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What goes wrong, decided by the seed. */
final class Faults {
    private final RandomGenerator random;
    /** A power cut at the n-th place from now where one can happen; negative for none. */
    private int cutIn = -1;
    /** A power cut at the next place of this name. */
    private @Nullable String cutAt;

    boolean databaseDown;
    boolean blobsFail;
    boolean quiet;

    Faults(RandomGenerator random) {
        this.random = random;
    }

    void cutAfter(int places) {
        cutIn = places;
    }

    void cutAt(String where) {
        cutAt = where;
    }

    /** A place where the power may fail. */
    void place(String where) {
        boolean named = where.equals(cutAt);
        if (named) {
            cutAt = null;
        }
        if (named || cutIn >= 0 && cutIn-- == 0) {
            throw new PowerCut(where);
        }
    }

    boolean chance(int percent) {
        return !quiet && random.nextInt(100) < percent;
    }
}
