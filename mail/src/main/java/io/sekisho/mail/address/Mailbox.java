package io.sekisho.mail.address;

import java.util.Locale;

/**
 * A mailbox, {@code local-part@domain} (RFC 5321 section 4.1.2). The local part is kept without quoting and as the sender
 * wrote it; {@link #key()} is what recipients are compared by.
 *
 * @param localPart the local part, unquoted, 1 to 255 octets: 64 would be the rule (section 4.5.3.1.1), which bounce addresses
 *     that carry another address within them break every day
 * @param domain a domain name in lower case, or an address literal in brackets such as {@code [192.0.2.1]}
 */
public record Mailbox(String localPart, String domain) {
    /** Octets of a local part. */
    public static final int MAX_LOCAL_PART = 255;
    /** Octets of a domain (RFC 5321 section 4.5.3.1.2). */
    public static final int MAX_DOMAIN = 255;

    /** Checks the lengths. @throws IllegalArgumentException when a part is empty or too long */
    public Mailbox {
        if (localPart.isEmpty()
                || localPart.length() > MAX_LOCAL_PART
                || domain.isEmpty()
                || domain.length() > MAX_DOMAIN) {
            throw new IllegalArgumentException("a mailbox has a local part and a domain, each of 1 to 255 octets");
        }
    }

    /** The form by which two spellings of one recipient are known as the same: all of it in lower case. */
    public String key() {
        return localPart.toLowerCase(Locale.ROOT) + '@' + domain;
    }

    /** The mailbox as it is written in a path, the local part quoted where it must be (RFC 5321 section 4.1.2). */
    @Override
    public String toString() {
        return (dotString(localPart) ? localPart : quoted(localPart)) + '@' + domain;
    }

    private static boolean dotString(String s) {
        char before = '.';
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '.' ? before == '.' : !atext(c)) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    private static String quoted(String s) {
        StringBuilder out = new StringBuilder(s.length() + 2).append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    /** Whether the character may stand in an atom (RFC 5322 section 3.2.3; above 127 by RFC 6531 section 3.3). */
    public static boolean atext(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c > 127
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }
}
