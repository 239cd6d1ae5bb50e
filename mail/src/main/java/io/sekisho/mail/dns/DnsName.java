package io.sekisho.mail.dns;

import io.sekisho.mail.address.DomainName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name in the DNS (RFC 1034 section 3.1). Wider than {@link DomainName}: it may be the root, and labels may hold any octets,
 * because answers bring such names.
 *
 * @param text the labels in lower case with dots between and none at the end; the root is {@code .}. A dot, backslash, space or
 *     other special octet within a label is written {@code \.} or {@code \DDD} (RFC 4343 section 2.1), in one way only, so that
 *     equal names have equal text
 */
public record DnsName(String text) implements Comparable<DnsName> {
    /** The root, the name without labels. */
    public static final DnsName ROOT = new DnsName(".");

    private static final int MAX_LABEL = 63;
    /** Octets of a name as it is sent: a length before each label, and the root's at the end. */
    private static final int MAX_SENT = 255;

    private static final String ESCAPED = "\"();@$\\.";

    /** Checks the form. @throws IllegalArgumentException when the text is no name, or not the one form of it */
    public DnsName {
        List<String> labels = decoded(text);
        if (labels == null || !written(labels).equals(text)) {
            throw new IllegalArgumentException("not a DNS name in its one form: " + text);
        }
    }

    /** The name that the text spells, whatever its case and with or without a final dot; null when it spells none. */
    public static @Nullable DnsName parse(String text) {
        List<String> labels = decoded(text);
        return labels == null ? null : new DnsName(written(labels));
    }

    /** A domain name as a DNS name. */
    public static DnsName of(DomainName domain) {
        return new DnsName(domain.ascii());
    }

    /** Where the name of an address is looked up: {@code in-addr.arpa} or {@code ip6.arpa} (RFC 1035 section 3.5, RFC 3596). */
    public static DnsName reverse(InetAddress address) {
        byte[] octets = address.getAddress();
        StringBuilder text = new StringBuilder(74);
        for (int i = octets.length - 1; i >= 0; i--) {
            if (octets.length == 4) {
                text.append(octets[i] & 0xff).append('.');
            } else {
                text.append(HexFormat.of().toLowHexDigit(octets[i])).append('.');
                text.append(HexFormat.of().toHighHexDigit(octets[i])).append('.');
            }
        }
        return new DnsName(
                text.append(octets.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString());
    }

    /** Whether this is the root. */
    public boolean isRoot() {
        return text.equals(".");
    }

    /** The name as a domain name of mail; null when it is the root or has labels that no host name has. */
    public @Nullable DomainName domain() {
        return isRoot() ? null : DomainName.parse(text);
    }

    /** How many labels it has; the root has none. */
    public int labels() {
        int labels = isRoot() ? 0 : 1;
        for (int dot = dot(0); dot >= 0; dot = dot(dot + 1)) {
            labels++;
        }
        return labels;
    }

    /** The name without its first label; the root stays the root. */
    public DnsName parent() {
        int dot = dot(0);
        return dot < 0 ? ROOT : new DnsName(text.substring(dot + 1));
    }

    /** The name with labels in front, such as {@code _mta-sts}; null when that is too long or no name. */
    public @Nullable DnsName under(String labels) {
        return parse(isRoot() ? labels : labels + "." + text);
    }

    /** Whether this is the other name or stands below it. */
    public boolean within(DnsName other) {
        if (other.isRoot() || equals(other)) {
            return true;
        }
        for (int dot = dot(0); dot >= 0; dot = dot(dot + 1)) {
            if (text.length() - dot - 1 == other.text.length() && text.endsWith(other.text)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int compareTo(DnsName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }

    /** The next dot between labels, from an index on; -1 when there is none, as in the root. */
    private int dot(int from) {
        if (isRoot()) {
            return -1;
        }
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                return i;
            }
            if (c == '\\') {
                i++;
            }
        }
        return -1;
    }

    /** The labels, a character an octet and in lower case; null when the text is no name. */
    private static @Nullable List<String> decoded(String text) {
        List<String> labels = new ArrayList<>();
        if (text.equals(".")) {
            return labels;
        }
        StringBuilder label = new StringBuilder();
        int sent = 1;
        int i = 0;
        while (i <= text.length()) {
            if (i == text.length() || text.charAt(i) == '.') {
                boolean finalDot = i == text.length() && label.isEmpty() && !labels.isEmpty();
                if (!finalDot) {
                    sent += label.length() + 1;
                    if (label.isEmpty() || label.length() > MAX_LABEL || sent > MAX_SENT) {
                        return null;
                    }
                    labels.add(label.toString());
                    label.setLength(0);
                }
                i++;
            } else {
                int used = octet(text, i, label);
                if (used < 0) {
                    return null;
                }
                i += used;
            }
        }
        return labels;
    }

    /** Adds the octet that is written at an index. @return characters it took; -1 when none is written there */
    private static int octet(String text, int at, StringBuilder label) {
        char c = text.charAt(at);
        if (c != '\\') {
            label.append(lower(c));
            return c > ' ' && c < 127 ? 1 : -1;
        }
        if (at + 1 >= text.length()) {
            return -1;
        }
        char next = text.charAt(at + 1);
        if (next < '0' || next > '9') {
            label.append(lower(next));
            return next > ' ' && next < 127 ? 2 : -1;
        }
        if (at + 3 >= text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = at + 1; i <= at + 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        label.append(lower((char) value));
        return value <= 255 ? 4 : -1;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    private static String written(List<String> labels) {
        if (labels.isEmpty()) {
            return ".";
        }
        StringBuilder out = new StringBuilder();
        for (String label : labels) {
            if (!out.isEmpty()) {
                out.append('.');
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                if (c <= ' ' || c >= 127) {
                    out.append('\\').append((char) ('0' + c / 100));
                    out.append((char) ('0' + c / 10 % 10)).append((char) ('0' + c % 10));
                } else if (ESCAPED.indexOf(c) >= 0) {
                    out.append('\\').append(c);
                } else {
                    out.append(c);
                }
            }
        }
        return out.toString();
    }
}
