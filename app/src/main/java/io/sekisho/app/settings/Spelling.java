package io.sekisho.app.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody who made a slip of the pen most likely meant. */
final class Spelling {
    private Spelling() {}

    /** The word that is nearest, when it is near enough: at most a third of the letters differ. */
    static Optional<String> nearest(String written, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparingInt((String word) -> distance(written, word))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(word -> distance(written, word) <= Math.max(2, word.length() / 3));
    }

    /** Letters to insert, delete or replace to get from one word to the other (Levenshtein); "." "_" and "-" are as one. */
    static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int other = same(from.charAt(i - 1), to.charAt(j - 1)) ? 0 : 1;
                row[j] = Math.min(Math.min(above[j] + 1, row[j - 1] + 1), above[j - 1] + other);
            }
            above = row;
        }
        return above[to.length()];
    }

    private static boolean same(char a, char b) {
        return a == b || ".-_".indexOf(a) >= 0 && ".-_".indexOf(b) >= 0;
    }
}
