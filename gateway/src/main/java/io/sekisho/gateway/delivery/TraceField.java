package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.MailFacts;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the Received field that says how a message came to us (RFC 5321 section 4.4), with the words of RFC 3848. */
record TraceField(String hostName) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss +0000", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MAX_HELO = 255;

    String of(MailFacts facts) {
        return "Received: from " + helo(facts.helo()) + " (" + literal(facts.peer()) + ")\r\n\tby " + hostName
                + " (Sekisho) with " + with(facts) + " id " + facts.id()
                + ";\r\n\t"
                + DATE.format(facts.receivedAt()) + "\r\n";
    }

    private static String with(MailFacts facts) {
        boolean tls = !facts.tls().isEmpty();
        String protocol = protocol(facts.extended(), tls, facts.smtpUtf8());
        return tls ? protocol + " (" + facts.tls() + ")" : protocol;
    }

    /**
     * The protocol by which the message came (RFC 3848, RFC 6531 section 4.3).
     *
     * @param extended whether the client said EHLO
     * @param tls whether it came over TLS
     * @param utf8 whether it came with SMTPUTF8
     */
    static String protocol(boolean extended, boolean tls, boolean utf8) {
        String protocol = utf8 ? "UTF8SMTP" : extended || tls ? "ESMTP" : "SMTP";
        return tls ? protocol + "S" : protocol;
    }

    /** What the client called itself, without what could end the field or open a comment. */
    private static String helo(String helo) {
        StringBuilder out = new StringBuilder(helo.length());
        for (int i = 0; i < Math.min(helo.length(), MAX_HELO); i++) {
            char c = helo.charAt(i);
            out.append(c > 32 && c < 127 && c != '(' && c != ')' && c != ';' && c != '\\' && c != '"' ? c : '?');
        }
        return out.isEmpty() ? "unknown" : out.toString();
    }

    private static String literal(InetAddress address) {
        return address instanceof Inet6Address
                ? "[IPv6:" + address.getHostAddress() + "]"
                : "[" + address.getHostAddress() + "]";
    }
}
