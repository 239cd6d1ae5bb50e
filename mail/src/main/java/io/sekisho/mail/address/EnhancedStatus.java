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
        int end = text.indexOf(' ');
        String[] parts = (end < 0 ? text : text.substring(0, end)).split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        int[] n = new int[3];
        for (int i = 0; i < 3; i++) {
            n[i] = number(parts[i]);
            if (n[i] < 0) {
                return null;
            }
        }
        return n[0] == 2 || n[0] == 4 || n[0] == 5 ? new EnhancedStatus(n[0], n[1], n[2]) : null;
    }

    private static int number(String digits) {
        if (digits.isEmpty() || digits.length() > 3) {
            return -1;
        }
        int n = 0;
        for (int i = 0; i < digits.length(); i++) {
            int d = digits.charAt(i) - '0';
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
