package io.sekisho.smtp;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * Reads a path (RFC 5321 section 4.1.2): {@code <>}, {@code <local@domain>}, quoted local parts, address literals; source
 * routes are read and ignored (appendix C). One pass, in time linear in the text. Not for use by two threads.
 */
public final class PathParser {
    private final String text;
    private final String ourDomain;
    private int at;
    private boolean empty;
    private @Nullable Mailbox mailbox;

    /** @param ourDomain the domain of {@code <postmaster>} without one (section 4.5.1) */
    public PathParser(String text, int from, String ourDomain) {
        this.text = text;
        this.at = from;
        this.ourDomain = ourDomain;
    }

    /** Where the path ended. */
    public int end() {
        return at;
    }

    /** Whether the path is {@code <>}. */
    public boolean empty() {
        return empty;
    }

    /** The mailbox, null when the path is empty or was not understood. */
    public @Nullable Mailbox mailbox() {
        return mailbox;
    }

    /** Reads a path. @return false when none stands there */
    public boolean parse() {
        if (!take('<')) {
            return false;
        }
        if (take('>')) {
            empty = true;
            return true;
        }
        if (peek() == '@' && !sourceRoute()) {
            return false;
        }
        String localPart = peek() == '"' ? quoted() : dotString();
        if (localPart == null || localPart.isEmpty() || localPart.length() > 64) {
            return false;
        }
        if (localPart.equalsIgnoreCase("postmaster") && take('>')) {
            mailbox = new Mailbox(localPart, ourDomain);
            return true;
        }
        if (!take('@')) {
            return false;
        }
        String domain = peek() == '[' ? literal() : domain();
        if (domain == null || !take('>')) {
            return false;
        }
        mailbox = new Mailbox(localPart, domain);
        return true;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private boolean sourceRoute() {
        do {
            if (!take('@') || domain() == null) {
                return false;
            }
        } while (take(','));
        return take(':');
    }

    private @Nullable String dotString() {
        int from = at;
        boolean dot = true;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '.' ? dot : !Mailbox.atext(c)) {
                break;
            }
            dot = c == '.';
            at++;
        }
        return dot ? null : text.substring(from, at);
    }

    private @Nullable String quoted() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            if (c < 32 || c == 127) {
                return null;
            }
            out.append(c);
        }
        return null;
    }

    private @Nullable String domain() {
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(peek()) || ".-_".indexOf(peek()) >= 0)) {
            at++;
        }
        DomainName name = DomainName.parse(text.substring(from, at));
        return name == null ? null : name.ascii();
    }

    private @Nullable String literal() {
        int close = text.indexOf(']', at);
        if (close < 0 || close - at > 255) {
            return null;
        }
        String literal = text.substring(at, close + 1);
        for (int i = 1; i < literal.length() - 1; i++) {
            char c = literal.charAt(i);
            if (c < 33 || c > 126 || c == '[' || c == '\\') {
                return null;
            }
        }
        at = close + 1;
        return literal.length() == 2 ? null : literal.toLowerCase(java.util.Locale.ROOT);
    }
}
