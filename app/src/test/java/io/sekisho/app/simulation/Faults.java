package io.sekisho.app.simulation;

import java.util.random.RandomGenerator;

/** What goes wrong, decided by the seed. */
final class Faults {
    private final RandomGenerator random;
    /** A power cut at the n-th place from now where one can happen; negative for none. */
    private int cutIn = -1;

    boolean databaseDown;
    boolean blobsFail;
    boolean quiet;

    Faults(RandomGenerator random) {
        this.random = random;
    }

    void cutAfter(int places) {
        cutIn = places;
    }

    /** A place where the power may fail. */
    void place(String where) {
        if (cutIn >= 0 && cutIn-- == 0) {
            throw new PowerCut(where);
        }
    }

    boolean chance(int percent) {
        return !quiet && random.nextInt(100) < percent;
    }
}
