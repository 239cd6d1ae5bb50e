package io.sekisho.smtp;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import java.net.Inet6Address;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reverse-path or forward-path in angle brackets (RFC 5321 section 4.1.2), each character once; characters beyond
 * ASCII are read as RFC 6531 section 3.3 has them, whether they may be said is for the caller to judge. A source route is
 * read and forgotten (appendix C). Dots may stand anywhere in an unquoted local part: some carriers once gave out such
 * addresses.
 */
public final class PathParser {
    private static final int MAX_DOMAIN = Mailbox.MAX_DOMAIN;
    private static final String IPV6 = "ipv6:";

    private final String text;
    private int at;
    private String wrong = "";

    private PathParser(String text, int from) {
        this.text = text;
        this.at = from;
    }

    /** What stands in a text where a path should. */
    public sealed interface Parsed {
        /** The null path, {@code <>}. @param end the index after the path */
        record Null(int end) implements Parsed {}

        /** {@code <postmaster>} without a domain (RFC 5321 section 4.5.1). @param end the index after the path */
        record Postmaster(int end) implements Parsed {}

        /**
         * A mailbox.
         *
         * @param mailbox domain in lower case or, with U-labels, as it was written; local part without quoting
         * @param end the index after the path
         */
        record Of(Mailbox mailbox, int end) implements Parsed {}

        /** No path. @param reason what is wrong, in words for the client */
        record Wrong(String reason) implements Parsed {}
    }

    /**
     * Reads the path that begins at an index.
     *
     * @param text a command line
     * @param from where the {@code <} should stand
     */
    public static Parsed parse(String text, int from) {
        return new PathParser(text, from).path();
    }

    private Parsed path() {
        if (!next('<')) {
            return new Parsed.Wrong("an address stands in angle brackets");
        }
        if (next('>')) {
            return new Parsed.Null(at);
        }
        if (peek() == '@' && !sourceRoute()) {
            return bad();
        }
        String local = peek() == '"' ? quotedString() : dotString();
        if (local == null) {
            return bad();
        }
        if (peek() == '>' && local.equalsIgnoreCase("postmaster")) {
            return new Parsed.Postmaster(at + 1);
        }
        if (!next('@')) {
            wrong = "the address has no @ and domain";
            return bad();
        }
        String domain = peek() == '[' ? addressLiteral() : domain();
        if (domain == null) {
            return bad();
        }
        if (!next('>')) {
            wrong = "the address does not end with >";
            return bad();
        }
        return new Parsed.Of(new Mailbox(local, domain), at);
    }

    private Parsed bad() {
        return new Parsed.Wrong(wrong);
    }

    /** The character at the current place, 0 at the end of the text. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean next(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private boolean sourceRoute() {
        wrong = "the source route is malformed";
        while (next('@')) {
            if (domain() == null) {
                wrong = "the source route is malformed";
                return false;
            }
            if (next(':')) {
                return true;
            }
            if (!next(',')) {
                return false;
            }
        }
        return false;
    }

    private @Nullable String dotString() {
        int start = at;
        while (at < text.length() && (text.charAt(at) == '.' || atext(text.charAt(at)))) {
            at++;
        }
        return local(text.substring(start, at));
    }

    private static boolean atext(char c) {
        return Mailbox.atext(c) && (c < 128 || visible(c));
    }

    /** Whether the character, beyond ASCII, may stand in a path: controls and ends of lines may not. */
    private static boolean visible(char c) {
        return !Character.isISOControl(c) && c != '\u2028' && c != '\u2029' && c != '\ufeff';
    }

    private @Nullable String quotedString() {
        var local = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return local(local.toString());
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            if (c < 32 || c == 127 || c > 127 && !visible(c)) {
                break;
            }
            local.append(c);
            at++;
        }
        wrong = "the quoted local part is malformed";
        return null;
    }

    private @Nullable String local(String part) {
        if (part.isEmpty()) {
            wrong = "the address has no local part";
            return null;
        }
        if (Mailbox.octets(part) > Mailbox.MAX_LOCAL_PART) {
            wrong = "the local part is longer than 255 octets";
            return null;
        }
        return part;
    }

    private @Nullable String domain() {
        int start = at;
        while (at < text.length() && domainCharacter(text.charAt(at))) {
            at++;
        }
        String written = text.substring(start, at);
        boolean international = false;
        for (int i = 0; i < written.length(); i++) {
            international |= written.charAt(i) > 127;
        }
        DomainName name = Mailbox.octets(written) > MAX_DOMAIN
                ? null
                : international ? DomainName.ofUnicode(written) : DomainName.parse(written);
        if (name == null) {
            wrong = "the domain is malformed";
            return null;
        }
        boolean dot = written.endsWith(".");
        return !international ? name.ascii() : dot ? written.substring(0, written.length() - 1) : written;
    }

    private static boolean domainCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_'
                || c == '.'
                || c > 127;
    }

    private @Nullable String addressLiteral() {
        int close = text.indexOf(']', at);
        if (close >= 0 && close - at < MAX_DOMAIN) {
            String inside = text.substring(at + 1, close).toLowerCase(Locale.ROOT);
            if (inside.startsWith(IPV6) ? ipv6(inside.substring(IPV6.length())) : ipv4(inside)) {
                at = close + 1;
                return '[' + inside + ']';
            }
        }
        wrong = "the address literal is malformed";
        return null;
    }

    private static boolean ipv4(String s) {
        int numbers = 0;
        int i = 0;
        while (i < s.length() && numbers < 4) {
            int start = i;
            int n = 0;
            while (i < s.length() && i - start < 3 && s.charAt(i) >= '0' && s.charAt(i) <= '9') {
                n = n * 10 + s.charAt(i) - '0';
                i++;
            }
            if (i == start || n > 255) {
                return false;
            }
            numbers++;
            if (numbers < 4 && (i == s.length() || s.charAt(i) != '.')) {
                return false;
            }
            if (numbers < 4) {
                i++;
            }
        }
        return numbers == 4 && i == s.length();
    }

    private static boolean ipv6(String s) {
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c == ':' || c == '.')) {
                return false;
            }
        }
        try {
            return s.indexOf(':') >= 0 && Inet6Address.ofLiteral(s) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
