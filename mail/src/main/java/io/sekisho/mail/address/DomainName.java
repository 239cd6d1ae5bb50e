package io.sekisho.mail.address;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A domain name in A-label form, lower case, without a trailing dot (RFC 1035 section 2.3.1, RFC 5321 section 4.1.2).
 *
 * @param ascii the name, at most 253 octets; labels of 1 to 63 letters, digits, hyphens or underscores
 */
public record DomainName(String ascii) {
    private static final int MAX_OCTETS = 253;
    private static final int MAX_LABEL = 63;

    /** Checks the form. @throws IllegalArgumentException when the name is not a domain name in lower-case A-label form */
    public DomainName {
        if (!valid(ascii)) {
            throw new IllegalArgumentException("not a domain name: " + ascii);
        }
    }

    /** The domain name that the text spells, whatever its case and with or without a final dot; null when it is none. */
    public static @Nullable DomainName parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        return valid(name) ? new DomainName(name) : null;
    }

    /**
     * The domain name that the text spells in U-labels, A-labels or both (RFC 5890 section 2.3.2); null when it is none, or
     * when a label would have to be changed in more than case and canonical form.
     */
    public static @Nullable DomainName ofUnicode(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.length() > MAX_OCTETS) {
            return null;
        }
        var ascii = new StringBuilder(name.length() + 16);
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                String label = ULabel.toAscii(name.substring(start, i));
                if (label == null) {
                    return null;
                }
                ascii.append(start == 0 ? "" : ".").append(label);
                start = i + 1;
            }
        }
        return parse(ascii.toString());
    }

    private static boolean valid(String name) {
        if (name.isEmpty() || name.length() > MAX_OCTETS) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (!validLabel(name, start, i)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    private static boolean validLabel(String name, int from, int to) {
        if (to == from || to - from > MAX_LABEL || name.charAt(from) == '-' || name.charAt(to - 1) == '-') {
            return false;
        }
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            boolean ok = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            if (!ok) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return ascii;
    }
}
