package io.sekisho.app.settings;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.client.NextHop;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names and addresses of the network, as people write them. Nothing is looked up. */
public final class Names {
    /** The port of SMTP (RFC 5321 section 4.5.4.2). */
    static final int SMTP_PORT = 25;

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Names() {}

    /** A domain name. */
    public static Value<DomainName> domain(String text) {
        String folded = FullWidth.fold(text);
        DomainName name = DomainName.parse(folded);
        if (name != null && !IPV4.matcher(folded).matches()) {
            return new Value.Good<>(name);
        }
        String foreign = FullWidth.firstForeign(folded);
        if (!foreign.isEmpty()) {
            return new Value.Bad<>("has " + foreign + ", which a domain name cannot have" + aLabels(folded));
        }
        if (folded.indexOf('@') >= 0) {
            return new Value.Bad<>("must be a domain name alone, without what stands before the @: \"" + text + "\"");
        }
        if (folded.contains("://")) {
            return new Value.Bad<>("must be a domain name alone, not a web address: \"" + text + "\"");
        }
        return new Value.Bad<>("must be a domain name such as hakone.example, not \"" + text + "\"");
    }

    /** Where we listen: an address and a port; {@code *} is every address. */
    public static Value<ListenAddress> listen(String text) {
        String allowed = "must be address:port, such as 127.0.0.1:2525, [::1]:2525 or *:25, not \"" + text + "\"";
        return split(FullWidth.fold(text), -1).then(parts -> {
            String host = parts.host();
            InetAddress literal = literal(host);
            if (parts.port() < 0 || literal == null && !host.equals("*")) {
                String why =
                        literal == null && DomainName.parse(host) != null ? " (a host name is not an address)" : "";
                return new Value.Bad<>(allowed + why);
            }
            return new Value.Good<>(new ListenAddress(host, parts.port()));
        });
    }

    /** An address, with a port or without. */
    static Value<InetSocketAddress> address(String text, int defaultPort) {
        // an IPv6 address alone needs no brackets
        InetAddress alone = literal(text);
        if (alone != null) {
            return new Value.Good<>(new InetSocketAddress(alone, defaultPort));
        }
        return split(text, defaultPort).then(parts -> {
            InetAddress address = literal(parts.host());
            return address == null || parts.port() == 0
                    ? new Value.Bad<>(
                            "must be an address such as 192.0.2.53 or [2001:db8::53]:5353, not \"" + text + "\"")
                    : new Value.Good<>(new InetSocketAddress(address, parts.port()));
        });
    }

    /** A next hop: {@code host}, {@code host:port}, {@code address:port}, {@code [IPv6]:port}; port 25 when none is given. */
    public static Value<NextHop> nextHop(String text) {
        return split(FullWidth.fold(text), SMTP_PORT).then(parts -> {
            if (parts.port() == 0) {
                return new Value.Bad<>("has port 0: a port is a number from 1 to 65535");
            }
            InetAddress literal = literal(parts.host());
            if (literal != null) {
                return new Value.Good<>(new NextHop(literal.getHostAddress(), parts.port()));
            }
            return domain(parts.host()).then(name -> new Value.Good<>(new NextHop(name.ascii(), parts.port())));
        });
    }

    /** An address of any domain. */
    public static Value<Mailbox> mailbox(String text) {
        String folded = FullWidth.fold(text);
        int at = folded.lastIndexOf('@');
        return at < 0
                ? new Value.Bad<>("must have an @ and a domain, such as postmaster@mx.example, not \"" + text + "\"")
                : domain(folded.substring(at + 1)).then(domain -> recipient(folded, domain));
    }

    /** A recipient of the domain: an address of it, or a local part alone. */
    public static Value<Mailbox> recipient(String text, DomainName domain) {
        String folded = FullWidth.fold(text);
        int at = folded.lastIndexOf('@');
        String local = at < 0 ? folded : folded.substring(0, at);
        if (at >= 0) {
            DomainName other = DomainName.parse(folded.substring(at + 1));
            if (other == null || !other.equals(domain)) {
                return new Value.Bad<>("\"" + text + "\" is not an address of " + domain);
            }
        }
        String foreign = FullWidth.firstForeign(local);
        if (!foreign.isEmpty()) {
            return new Value.Bad<>("\"" + text + "\" has " + foreign + " before the @");
        }
        String bare = unquoted(local);
        if (bare == null || bare.isEmpty() || bare.length() > 64) {
            return new Value.Bad<>(
                    "\"" + text + "\" is not an address (up to 64 letters, digits and !#$%&'*+-/=?^_`{|}~."
                            + " stand before the @)");
        }
        return new Value.Good<>(new Mailbox(bare, domain.ascii()));
    }

    /** Dot-string or quoted string (RFC 5321 section 4.1.2); null when neither. */
    private static @Nullable String unquoted(String local) {
        if (local.length() >= 2 && local.startsWith("\"") && local.endsWith("\"")) {
            return local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1");
        }
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            boolean dot = c == '.' && i > 0 && i < local.length() - 1 && local.charAt(i - 1) != '.';
            if (!dot && !Mailbox.atext(c)) {
                return null;
            }
        }
        return local;
    }

    private record HostPort(String host, int port) {}

    private static Value<HostPort> split(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0 || close != text.length() - 1 && close + 1 != colon) {
                return new Value.Bad<>("has a bracket that is not closed: \"" + text + "\"");
            }
            String inside = text.substring(1, close);
            return literal(inside) == null
                    ? new Value.Bad<>("has no address between the brackets: \"" + text + "\"")
                    : port(inside, close == text.length() - 1 ? "" : text.substring(colon + 1), defaultPort, text);
        }
        if (text.indexOf(':') != colon) {
            return new Value.Bad<>("must have an IPv6 address in brackets: [" + text + "]:25, not \"" + text + "\"");
        }
        return colon < 0
                ? port(text, "", defaultPort, text)
                : port(text.substring(0, colon), text.substring(colon + 1), defaultPort, text);
    }

    private static Value<HostPort> port(String host, String port, int defaultPort, String text) {
        if (port.isEmpty() && !text.endsWith(":")) {
            return new Value.Good<>(new HostPort(host, defaultPort));
        }
        return switch (Sizes.number(port, 0, 65_535)) {
            case Value.Good<Integer>(Integer number) -> new Value.Good<>(new HostPort(host, number));
            case Value.Bad<Integer> bad ->
                new Value.Bad<>("has a port that is no number from 1 to 65535: \"" + text + "\"");
        };
    }

    /** The address that the text spells; null when it is a name. Short forms such as 127.1 are no addresses here. */
    private static @Nullable InetAddress literal(String host) {
        if (host.indexOf(':') < 0 && !IPV4.matcher(host).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String aLabels(String name) {
        try {
            String ascii = IDN.toASCII(name);
            return DomainName.parse(ascii) == null ? "" : "; write it in A-labels: " + ascii;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
