package io.sekisho.mail.report;

import java.util.Locale;

/** Text of others, made fit for a header field. */
final class Words {
    private static final int WIDTH = 76;

    private Words() {}

    static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** What is not printable, or would turn the direction of the text around it, becomes "?"; white space one space. */
    static String printable(String text, boolean asciiOnly) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean white = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (white) {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                    out.append(' ');
                }
            } else {
                out.append(Character.isISOControl(c) || turns(c) || asciiOnly && c > 126 ? '?' : c);
            }
        }
        return out.toString().strip();
    }

    /** Line and paragraph separators, and marks of direction (UAX 9). */
    private static boolean turns(char c) {
        return c >= 0x200e && c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x061c;
    }

    /** A field, folded at spaces where a line would pass 76 characters. */
    static String field(String name, String value) {
        StringBuilder out = new StringBuilder(name).append(':');
        int column = out.length();
        for (String word : value.split(" ")) {
            if (column > 1 && column + 1 + word.length() > WIDTH) {
                out.append("\r\n");
                column = 0;
            }
            out.append(' ').append(word);
            column += 1 + word.length();
        }
        return out.append("\r\n").toString();
    }

    /** At most so many characters; no character outside the BMP is cut in two. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /**
     * An address of type utf-8 (RFC 6533 section 3).
     *
     * @param sevenBit as utf-8-addr-xtext; otherwise as utf-8-addr-unitext
     */
    static String utf8Address(String address, boolean sevenBit) {
        StringBuilder out = new StringBuilder(address.length() + 16);
        address.codePoints().forEach(c -> {
            boolean plain = c > 32 && c < 127 && c != '\\' && c != '+' && c != '=';
            if (plain || c > 127 && !sevenBit) {
                out.appendCodePoint(c);
            } else {
                out.append("\\x{").append(String.format(Locale.ROOT, "%02X", c)).append('}');
            }
        });
        return out.toString();
    }
}
