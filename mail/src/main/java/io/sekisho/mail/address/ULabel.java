package io.sekisho.mail.address;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * U-labels and what they are in ASCII (RFC 5890 section 2.3.2.1). Case and canonical form are evened out; whatever else
 * would have to be mapped to another character is refused, so that no two readers can see different domains in one label.
 */
final class ULabel {
    private static final String PREFIX = "xn--";
    private static final int MAX_A_LABEL = 63;
    private static final int KATAKANA_MIDDLE_DOT = 0x30fb;
    private static final int IDEOGRAPHIC_ZERO = 0x3007;

    /** Letters and marks by their category that RFC 5892 section 2.6 excludes, or that show nothing: pairs of first and last. */
    private static final int[] EXCLUDED = {
        0x034f, 0x034f, 0x0640, 0x0640, 0x07fa, 0x07fa, 0x1100, 0x11ff, 0x17b4, 0x17b5, 0x180b, 0x180f, 0x302e, 0x302f,
        0x3031, 0x3035, 0x303b, 0x303b, 0xa960, 0xa97f, 0xd7b0, 0xd7ff, 0xfe00, 0xfe0f, 0xe0100, 0xe01ef
    };

    private static final int BASE = 36;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;

    private ULabel() {}

    /** The label in ASCII and lower case; null when it is no label. */
    static @Nullable String toAscii(String label) {
        if (label.isEmpty() || label.length() > MAX_A_LABEL) {
            return null;
        }
        String even = Normalizer.normalize(label.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        int[] points = even.codePoints().toArray();
        if (even.chars().allMatch(c -> c < 128)) {
            return even;
        }
        if (!stable(even) || !valid(points)) {
            return null;
        }
        String ascii = PREFIX + punycode(points);
        return ascii.length() > MAX_A_LABEL ? null : ascii;
    }

    /** Whether compatibility forms and case folding leave it as it is (RFC 5892 section 2.2). */
    private static boolean stable(String label) {
        String folded = Normalizer.normalize(label, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFC).equals(label);
    }

    private static boolean valid(int[] points) {
        int last = points.length - 1;
        boolean hyphenAtEnd = points[0] == '-' || points[last] == '-';
        boolean reserved = last >= 3 && points[2] == '-' && points[3] == '-';
        if (hyphenAtEnd || reserved || mark(points[0])) {
            return false;
        }
        boolean japanese = false;
        boolean middleDot = false;
        for (int point : points) {
            Character.UnicodeScript script = Character.UnicodeScript.of(point);
            japanese |= script == Character.UnicodeScript.HAN
                    || script == Character.UnicodeScript.HIRAGANA
                    || script == Character.UnicodeScript.KATAKANA;
            if (point == KATAKANA_MIDDLE_DOT) {
                middleDot = true;
            } else if (!valid(point)) {
                return false;
            }
        }
        // RFC 5892 appendix A.7
        return !middleDot || japanese;
    }

    private static boolean mark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean valid(int point) {
        if (point < 128) {
            return point == '-' || point >= '0' && point <= '9' || point >= 'a' && point <= 'z';
        }
        for (int i = 0; i < EXCLUDED.length; i += 2) {
            if (point >= EXCLUDED[i] && point <= EXCLUDED[i + 1]) {
                return false;
            }
        }
        return switch (Character.getType(point)) {
            case Character.LOWERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER -> true;
            default -> point == IDEOGRAPHIC_ZERO;
        };
    }

    /** RFC 3492 section 6.3. A label is so short that no number overflows. */
    private static String punycode(int[] points) {
        var out = new StringBuilder();
        for (int point : points) {
            if (point < 128) {
                out.append((char) point);
            }
        }
        int basic = out.length();
        if (basic > 0) {
            out.append('-');
        }
        int handled = basic;
        int least = 128;
        int delta = 0;
        int bias = 72;
        while (handled < points.length) {
            int next = Character.MAX_CODE_POINT;
            for (int point : points) {
                if (point >= least && point < next) {
                    next = point;
                }
            }
            delta += (next - least) * (handled + 1);
            for (int point : points) {
                if (point < next) {
                    delta++;
                } else if (point == next) {
                    variableLength(out, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            least = next + 1;
        }
        return out.toString();
    }

    private static void variableLength(StringBuilder out, int delta, int bias) {
        int q = delta;
        int k = BASE;
        while (true) {
            int t = Math.clamp(k - bias, 1, T_MAX);
            if (q < t) {
                out.append(digit(q));
                return;
            }
            out.append(digit(t + (q - t) % (BASE - t)));
            q = (q - t) / (BASE - t);
            k += BASE;
        }
    }

    private static char digit(int n) {
        return (char) (n < 26 ? 'a' + n : '0' + n - 26);
    }

    private static int adapt(int delta, int length, boolean first) {
        int d = first ? delta / DAMP : delta / 2;
        d += d / length;
        int k = 0;
        while (d > (BASE - 1) * T_MAX / 2) {
            d /= BASE - 1;
            k += BASE;
        }
        return k + BASE * d / (d + SKEW);
    }
}
