package io.sekisho.smtp;

import org.jspecify.annotations.Nullable;

/** The way in which parameters of DSN write any character in printable ASCII: {@code +} and two hexadecimal digits (RFC 3461 section 4). */
public final class Xtext {
    private Xtext() {}

    /** What the xtext stands for, octets as characters 0 to 255; null when it is no xtext. The empty text is one. */
    public static @Nullable String decode(String xtext) {
        var text = new StringBuilder(xtext.length());
        for (int i = 0; i < xtext.length(); i++) {
            char c = xtext.charAt(i);
            if (c < 33 || c > 126 || c == '=') {
                return null;
            }
            if (c != '+') {
                text.append(c);
                continue;
            }
            if (i + 2 >= xtext.length()) {
                return null;
            }
            int high = hex(xtext.charAt(i + 1));
            int low = hex(xtext.charAt(i + 2));
            if (high < 0 || low < 0) {
                return null;
            }
            text.append((char) (high * 16 + low));
            i += 2;
        }
        return text.toString();
    }

    /** The text as xtext. @param text characters 0 to 255 */
    public static String encode(String text) {
        var xtext = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 255) {
                throw new IllegalArgumentException("not an octet: " + (int) c);
            }
            if (c > 32 && c < 127 && c != '+' && c != '=') {
                xtext.append(c);
            } else {
                xtext.append('+').append(digit(c / 16)).append(digit(c % 16));
            }
        }
        return xtext.toString();
    }

    private static char digit(int n) {
        return "0123456789ABCDEF".charAt(n);
    }

    /** RFC 3461 allows upper case only. */
    private static int hex(char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
}
