package io.sekisho.mail.address;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox, {@code local-part@domain} (RFC 5321 section 4.1.2), perhaps beyond ASCII (RFC 6531 section 3.3). The local part
 * is kept without quoting and as the sender wrote it; {@link #key()} is what recipients are compared by.
 *
 * @param localPart the local part, unquoted, 1 to 255 octets of UTF-8: 64 would be the rule (section 4.5.3.1.1), which bounce
 *     addresses that carry another address within them break every day
 * @param domain a domain name in lower case, an address literal in brackets such as {@code [192.0.2.1]}, or a domain name
 *     with U-labels as it was written; at most 255 octets of UTF-8
 */
public record Mailbox(String localPart, String domain) {
    /** Octets of a local part. */
    public static final int MAX_LOCAL_PART = 255;
    /** Octets of a domain (RFC 5321 section 4.5.3.1.2). */
    public static final int MAX_DOMAIN = 255;

    /** Checks lengths and U-labels. @throws IllegalArgumentException when a part is empty, too long or no domain name */
    public Mailbox {
        if (localPart.isEmpty()
                || octets(localPart) > MAX_LOCAL_PART
                || domain.isEmpty()
                || octets(domain) > MAX_DOMAIN) {
            throw new IllegalArgumentException("a mailbox has a local part and a domain, each of 1 to 255 octets");
        }
        if (!ascii(domain) && DomainName.ofUnicode(domain) == null) {
            throw new IllegalArgumentException("not a domain name: " + domain);
        }
    }

    /** The number of octets that the text has in UTF-8. */
    public static int octets(String text) {
        int octets = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127) {
                // half of a pair stands for two of four octets
                octets += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return octets;
    }

    /** Whether all characters are below 128. */
    private static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    /** Whether it can be said in SMTPUTF8 only (RFC 6531), as it is written. */
    public boolean international() {
        return !ascii(localPart) || !ascii(domain);
    }

    /** The domain in A-labels and lower case, or the address literal: what domains are compared by. */
    public String asciiDomain() {
        if (ascii(domain)) {
            return domain;
        }
        DomainName name = DomainName.ofUnicode(domain);
        if (name == null) {
            throw new IllegalStateException("checked before: " + domain);
        }
        return name.ascii();
    }

    /** The same mailbox with its domain in A-labels. */
    public Mailbox withAsciiDomain() {
        return ascii(domain) ? this : new Mailbox(localPart, asciiDomain());
    }

    /** The same mailbox in ASCII; null when the local part is not, so that there is none. */
    public @Nullable Mailbox inAscii() {
        return ascii(localPart) ? withAsciiDomain() : null;
    }

    /** The form by which two spellings of one recipient are known as the same: lower case, NFC, A-labels. */
    public String key() {
        return (ascii(localPart) ? localPart.toLowerCase(Locale.ROOT) : even(localPart)) + '@' + asciiDomain();
    }

    private static String even(String text) {
        String lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(lower, Normalizer.Form.NFC);
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
