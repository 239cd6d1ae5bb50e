package io.sekisho.app.settings;

import java.text.Normalizer;

/**
 * Text typed with a Japanese input method, brought to the ASCII that was meant: full-width letters, digits and signs, the
 * ideographic space, full stop and comma, and the many dashes. Never used on file names, where such characters may be meant.
 */
final class FullWidth {
    private static final String DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc";

    private FullWidth() {}

    /** The text in ASCII as far as it can be, without white space around it. */
    static String fold(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC);
        StringBuilder out = new StringBuilder(folded.length());
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c == '\u3002') {
                out.append('.');
            } else if (c == '\u3001') {
                out.append(',');
            } else if (DASHES.indexOf(c) >= 0 && betweenAscii(folded, i)) {
                out.append('-');
            } else {
                out.append(c);
            }
        }
        return out.toString().strip();
    }

    /** A long vowel mark inside a Japanese word stays one. */
    private static boolean betweenAscii(String text, int at) {
        return (at == 0 || text.charAt(at - 1) < 128) && (at == text.length() - 1 || text.charAt(at + 1) < 128);
    }

    /** Names the first character outside printable ASCII, such as {@code "関" (U+95A2)}; empty when there is none. */
    static String firstForeign(String text) {
        return text.codePoints()
                .filter(c -> c < 0x20 || c > 0x7e)
                .mapToObj(FullWidth::name)
                .findFirst()
                .orElse("");
    }

    private static String name(int c) {
        String code = String.format("U+%04X", c);
        return Character.isISOControl(c) || Character.isWhitespace(c) || Character.getType(c) == Character.FORMAT
                ? code
                : '"' + Character.toString(c) + "\" (" + code + ")";
    }
}
