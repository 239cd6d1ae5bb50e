package io.sekisho.app.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Numbers of octets, of things, and spans of time, as people write them. */
final class Sizes {
    private static final List<String> DECIMAL = List.of("B", "KB", "MB", "GB", "TB");
    private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB", "TiB");

    private Sizes() {}

    /** A whole number within bounds. */
    static Value<Integer> number(String text, int min, int max) {
        String allowed = "a whole number from " + min + " to " + max;
        String digits = FullWidth.fold(text);
        if (!digits.chars().allMatch(Sizes::digit) || digits.isEmpty()) {
            String bare = digits.replaceAll("[,_ ']", "");
            boolean grouped = !bare.isEmpty() && bare.chars().allMatch(Sizes::digit);
            return new Value.Bad<>(
                    grouped ? "must be written without separators: " + bare : "must be " + allowed + notThis(text));
        }
        // ten digits and more are beyond any bound
        long n = digits.length() > 10 ? Long.MAX_VALUE : Long.parseLong(digits);
        return n < min || n > max ? new Value.Bad<>("must be " + allowed + notThis(text)) : new Value.Good<>((int) n);
    }

    /** A number of octets within bounds: 10485760, 50MB (of 1000 x 1000), 50MiB (of 1024 x 1024). */
    static Value<Long> octets(String text, long min, long max) {
        String folded = FullWidth.fold(text);
        int end = digitsAtStart(folded);
        String unit = folded.substring(end).strip();
        String allowed = "must be a whole number with a unit (KB, MB, GB of 1000; KiB, MiB, GiB of 1024), from "
                + show(min) + " to " + show(max);
        long one = unit.isEmpty() ? 1 : unit(unit);
        if (end == 0 || end > 15 || one < 0) {
            return new Value.Bad<>(allowed + notThis(text));
        }
        long n = Long.parseLong(folded.substring(0, end));
        long octets = n > Long.MAX_VALUE / one ? Long.MAX_VALUE : n * one;
        return octets < min || octets > max ? new Value.Bad<>(allowed + notThis(text)) : new Value.Good<>(octets);
    }

    /** A span of time within bounds: 90s, 30m, 36h, 10d; Japanese units are understood. */
    static Value<Duration> span(String text, Duration min, Duration max) {
        String folded = FullWidth.fold(text);
        int end = digitsAtStart(folded);
        long seconds = switch (folded.substring(end).strip().toLowerCase(Locale.ROOT)) {
            case "s", "秒" -> 1;
            case "m", "min", "分" -> 60;
            case "h", "時間" -> 3600;
            case "d", "日", "日間" -> 86_400;
            default -> 0;
        };
        Value<Duration> bad = new Value.Bad<>(
                "must be a number with a unit (s, m, h, d), from " + show(min) + " to " + show(max) + notThis(text));
        if (end == 0 || end > 9 || seconds == 0) {
            return bad;
        }
        Duration span = Duration.ofSeconds(Long.parseLong(folded.substring(0, end)) * seconds);
        return span.compareTo(min) < 0 || span.compareTo(max) > 0 ? bad : new Value.Good<>(span);
    }

    /** Octets in the largest unit that divides them. */
    static String show(long octets) {
        for (int i = DECIMAL.size() - 1; i >= 0; i--) {
            if (octets >= power(1024, i) && octets % power(1024, i) == 0 && i > 0) {
                return octets / power(1024, i) + " " + BINARY.get(i);
            }
            if (octets >= power(1000, i) && octets % power(1000, i) == 0) {
                return octets / power(1000, i) + " " + DECIMAL.get(i);
            }
        }
        return octets + " B";
    }

    /** A span in the largest unit that divides it. */
    static String show(Duration span) {
        long s = span.toSeconds();
        return s % 86_400 == 0
                ? s / 86_400 + " d"
                : s % 3600 == 0 ? s / 3600 + " h" : s % 60 == 0 ? s / 60 + " m" : s + " s";
    }

    private static String notThis(String text) {
        return ", not \"" + text + "\"";
    }

    private static long unit(String unit) {
        for (int i = 0; i < DECIMAL.size(); i++) {
            if (unit.equalsIgnoreCase(DECIMAL.get(i))) {
                return power(1000, i);
            }
            if (unit.equalsIgnoreCase(BINARY.get(i))) {
                return power(1024, i);
            }
        }
        return -1;
    }

    private static long power(long base, int exponent) {
        long n = 1;
        for (int i = 0; i < exponent; i++) {
            n *= base;
        }
        return n;
    }

    private static int digitsAtStart(String text) {
        int end = 0;
        while (end < text.length() && digit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }
}
