package io.sekisho.mail.address;

import org.jspecify.annotations.Nullable;

/**
 * An enhanced mail system status code, {@code class.subject.detail} (RFC 3463).
 *
 * @param category 2 success, 4 persistent transient failure, 5 permanent failure
 * @param subject 0 to 999
 * @param detail 0 to 999
 */
public record EnhancedStatus(int category, int subject, int detail) {
    /** Checks the ranges. @throws IllegalArgumentException when a number is out of its range */
    public EnhancedStatus {
        if (category != 2 && category != 4 && category != 5
                || subject < 0
                || subject > 999
                || detail < 0
                || detail > 999) {
            throw new IllegalArgumentException("no enhanced status: " + category + "." + subject + "." + detail);
        }
    }

    /** The status at the start of a reply's text, or null when none stands there (RFC 2034 section 4). */
    public static @Nullable EnhancedStatus atStartOf(String text) {
        int space = text.indexOf(' ');
        int end = space < 0 ? text.length() : space;
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0 || second >= end) {
            return null;
        }
        int category = number(text, 0, first);
        int subject = number(text, first + 1, second);
        int detail = number(text, second + 1, end);
        boolean known = category == 2 || category == 4 || category == 5;
        return known && subject >= 0 && detail >= 0 ? new EnhancedStatus(category, subject, detail) : null;
    }

    private static int number(String text, int from, int to) {
        if (to <= from || to - from > 3) {
            return -1;
        }
        int n = 0;
        for (int i = from; i < to; i++) {
            int d = text.charAt(i) - '0';
            if (d < 0 || d > 9) {
                return -1;
            }
            n = n * 10 + d;
        }
        return n;
    }

    @Override
    public String toString() {
        return category + "." + subject + "." + detail;
    }
}
