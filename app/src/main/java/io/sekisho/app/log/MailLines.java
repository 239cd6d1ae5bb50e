package io.sekisho.app.log;

import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.mail.address.Mailbox;
import java.util.stream.Collectors;

/**
 * Writes each event as one line of the mail log: a verb, then {@code name=value} pairs; a value with blanks stands in double
 * quotes. {@code grep id=} tells the whole story of a message.
 */
public final class MailLines implements MailLog {
    private static final System.Logger LOG = System.getLogger("mail");

    @Override
    public void record(MailEvent event) {
        LOG.log(System.Logger.Level.INFO, line(event));
    }

    static String line(MailEvent event) {
        return switch (event) {
            case MailEvent.Accepted a ->
                "accepted id=" + a.id() + " from=" + path(a.sender()) + " to="
                        + a.recipients().stream().map(MailLines::path).collect(Collectors.joining(",")) + " size="
                        + a.size() + " peer=" + a.peer() + tls(a.tls());
            case MailEvent.Delivered d ->
                "delivered id=" + d.id() + " to=" + path(d.recipient()) + " server=" + d.server() + " delay="
                        + d.delay().toMillis() + "ms reply=" + quoted(d.reply()) + tls(d.tls());
            case MailEvent.Deferred d ->
                "deferred id=" + d.id() + " to=" + path(d.recipient()) + " hop=" + d.nextHop() + " next=" + d.next()
                        + " why=" + quoted(d.detail());
            case MailEvent.Held h ->
                "held id=" + h.id() + " to=" + path(h.recipient()) + " reason=" + h.reason() + " why="
                        + quoted(h.detail());
            case MailEvent.Refused r ->
                "refused peer=" + r.peer() + " from=" + path(r.sender()) + " to=" + path(r.recipient()) + " reply="
                        + quoted(r.reply());
            case MailEvent.RouteDown r ->
                "route-down hop=" + r.nextHop() + " until=" + r.until() + " why=" + quoted(r.detail());
            case MailEvent.RouteUp r -> "route-up hop=" + r.nextHop();
            case MailEvent.Early e ->
                "early domain=" + e.domain() + " tenant=" + e.tenant() + " recipients=" + e.recipients()
                        + " why=\"the domain is still in set-up\"";
        };
    }

    private static String tls(String tls) {
        return tls.isEmpty() ? "" : " tls=" + quoted(tls);
    }

    private static String path(Mailbox mailbox) {
        return path(mailbox.toString());
    }

    private static String path(String mailbox) {
        return "<" + clean(mailbox) + ">";
    }

    private static String quoted(String text) {
        return '"' + clean(text) + '"';
    }

    /** What comes from outside cannot begin a line, end a value, or change how the rest of a line is shown. */
    private static String clean(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c >= 32 && c < 127 && c != '"';
        }
        if (plain) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(c == '"' ? '\'' : showable(c) ? c : '?'));
        return out.toString();
    }

    /** Neither a control, nor an end of a line, nor one of those that turn the direction of what follows, nor half a character. */
    private static boolean showable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
