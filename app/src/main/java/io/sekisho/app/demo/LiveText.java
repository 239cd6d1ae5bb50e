package io.sekisho.app.demo;

import io.sekisho.gateway.tracking.MailEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The lines of the live view, in both languages: time, short id, from, to, what happened. */
final class LiveText {
    /** Characters of an id. */
    static final int ID = 8;

    private static final int FROM = 24;
    private static final int TO = 24;
    private static final int DETAIL = 60;

    private final ViewStyle style;
    private final DateTimeFormatter time;
    /** The name of a next hop for an address and port. */
    private final UnaryOperator<String> hopName;

    /** The colours of words, as SGR parameters (ECMA-48). */
    private enum Colour {
        GREEN("32"),
        YELLOW("33"),
        MAGENTA("35"),
        RED("31"),
        CYAN("36"),
        BOLD("1");

        final String sgr;

        Colour(String sgr) {
            this.sgr = sgr;
        }
    }

    /** What was counted, in recipients; refused in refusals. */
    record Totals(long taken, long delivered, long waiting, long held, long refused) {}

    LiveText(ViewStyle style, UnaryOperator<String> hopName) {
        this.style = style;
        this.time = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(style.zone());
        this.hopName = hopName;
    }

    /** The text in the reader's language. */
    String say(String ja, String en) {
        return style.japanese() ? ja : en;
    }

    /** What the lines mean. */
    List<String> legend() {
        return style.japanese()
                ? List.of(
                        row("時刻", "番号", "送信者", "宛先", "起きたこと"),
                        "  見本: 送られた見本メールの説明   " + paint(Colour.CYAN, "受付") + ": ディスクに保存し、250を返した   "
                                + paint(Colour.GREEN, "配送済み") + ": お客様のサーバーが受け取った",
                        "  " + paint(Colour.YELLOW, "配送待ち") + ": 後でもう一度送る   " + paint(Colour.MAGENTA, "保留")
                                + ": 届けられず、管理者を待つ   " + paint(Colour.RED, "拒否") + ": 受け取らなかった",
                        "  番号が同じ行は同じメール。集計は宛先の数、拒否は断った回数。止めるには Ctrl-C。")
                : List.of(
                        row("time", "id", "from (reverse-path)", "to", "what happened"),
                        "  sample: what a sample mail shows   " + paint(Colour.CYAN, "taken")
                                + ": stored on disk, then answered 250   " + paint(Colour.GREEN, "delivered")
                                + ": the customer's server has it",
                        "  " + paint(Colour.YELLOW, "put off") + ": will be sent again   "
                                + paint(Colour.MAGENTA, "held")
                                + ": cannot be delivered, waits for an administrator   " + paint(Colour.RED, "refused")
                                + ": not taken",
                        "  Lines with the same id are about the same mail. Sums count recipients; refused counts refusals."
                                + " Ctrl-C stops.");
    }

    /** An event as a line. @param sender of the message, where it is known and the event does not say */
    String line(MailEvent event, String sender) {
        return switch (event) {
            case MailEvent.Accepted e ->
                line(e.at(), id(e.id()), path(e.sender()), recipients(e.recipients()), taken(e));
            case MailEvent.Delivered e ->
                line(e.at(), id(e.id()), sender, e.recipient().toString(), delivered(e));
            case MailEvent.Deferred e ->
                line(e.at(), id(e.id()), sender, e.recipient().toString(), putOff(e.next(), e.detail()));
            case MailEvent.Held e ->
                line(
                        e.at(),
                        id(e.id()),
                        sender,
                        e.recipient().toString(),
                        paint(Colour.MAGENTA, say("保留", "held")) + say(" 理由: ", " because ") + e.reason() + ": "
                                + detail(e.detail()));
            case MailEvent.Refused e ->
                line(
                        e.at(),
                        "-",
                        e.sender().isEmpty() && e.recipient().isEmpty() ? e.peer() : path(e.sender()),
                        e.recipient().isEmpty() ? "-" : e.recipient(),
                        paint(Colour.RED, say("拒否", "refused")) + ": " + detail(e.reply()));
            case MailEvent.RouteDown e -> line(e.at(), "-", say("経路", "route"), hop(e.nextHop()), routeDown(e));
            case MailEvent.RouteUp e ->
                line(e.at(), "-", say("経路", "route"), hop(e.nextHop()), paint(Colour.GREEN, say("復旧", "up again")));
            case MailEvent.Early e ->
                line(
                        e.at(),
                        "-",
                        say("ドメイン", "domain"),
                        e.domain(),
                        paint(Colour.YELLOW, say("設定中のため待機", "put off: still in set-up")));
        };
    }

    /** What a sample mail shows. @param note in the reader's language @param outcome what its sender was told, empty when it was taken */
    String sample(Instant at, String id, DemoMail mail, String note, String outcome) {
        String to = recipients(mail.recipients());
        String told = outcome.isEmpty() ? "" : " - " + detail(outcome);
        return line(at, id, path(mail.sender()), to, say("見本", "sample") + ": " + note + told);
    }

    String summary(Instant at, Totals t) {
        String sums = style.japanese()
                ? "受付 " + t.taken() + "  配送済み " + t.delivered() + "  配送待ち " + t.waiting() + "  保留 " + t.held() + "  拒否 "
                        + t.refused()
                : "taken " + t.taken() + "  delivered " + t.delivered() + "  waiting " + t.waiting() + "  held "
                        + t.held() + "  refused " + t.refused();
        return time.format(at) + " " + paint(Colour.BOLD, "== " + sums);
    }

    String leftOut(Instant at, long lines) {
        return time.format(at) + " "
                + say("(表示しきれない " + lines + " 行を省きました)", "(" + lines + " lines left out, the terminal was slow)");
    }

    private String taken(MailEvent.Accepted e) {
        return paint(Colour.CYAN, say("受付", "taken")) + " " + size(e.size())
                + say("、" + e.peer() + " から", " from " + e.peer());
    }

    private String delivered(MailEvent.Delivered e) {
        String word = paint(Colour.GREEN, say("配送済み", "delivered"));
        return say(
                word + " " + hop(e.server()) + " へ、" + after(e.delay()) + "後",
                word + " by " + hop(e.server()) + " after " + after(e.delay()));
    }

    private String putOff(Instant next, String why) {
        String word = paint(Colour.YELLOW, say("配送待ち", "put off"));
        return say(
                word + " " + time.format(next) + " まで、理由: " + detail(why),
                word + " until " + time.format(next) + " because " + detail(why));
    }

    private String routeDown(MailEvent.RouteDown e) {
        String word = paint(Colour.YELLOW, say("停止", "down"));
        return say(
                word + " " + time.format(e.until()) + " まで、理由: " + detail(e.detail()),
                word + " until " + time.format(e.until()) + " because " + detail(e.detail()));
    }

    private String line(Instant at, String id, String from, String to, String what) {
        return row(time.format(at), id, from, to, what);
    }

    private static String row(String time, String id, String from, String to, String what) {
        return Columns.fit(time, 8) + " " + Columns.fit(id, ID) + " " + Columns.fit(Columns.printable(from), FROM)
                + " -> " + Columns.fit(Columns.printable(to), TO) + " " + what;
    }

    /** The last eight digits: the first ones of a UUIDv7 are the time and the same for all mails of a minute. */
    private static String id(UUID id) {
        String text = id.toString();
        return text.substring(text.length() - ID);
    }

    private static String recipients(List<?> all) {
        String first = all.getFirst().toString();
        if (all.size() == 1) {
            return first;
        }
        String more = " +" + (all.size() - 1);
        return Columns.cut(first, TO - more.length()) + more;
    }

    private static String path(String sender) {
        return sender.isEmpty() ? "<>" : sender;
    }

    private String hop(String server) {
        return hopName.apply(server);
    }

    private static String detail(String text) {
        return Columns.cut(Columns.printable(text), DETAIL);
    }

    private static String size(long octets) {
        return octets < 1_000
                ? octets + " B"
                : octets < 1_000_000
                        ? String.format(Locale.ROOT, "%.1f kB", octets / 1e3)
                        : String.format(Locale.ROOT, "%.1f MB", octets / 1e6);
    }

    private static String after(Duration delay) {
        long millis = delay.toMillis();
        return millis < 10_000 ? millis + " ms" : millis / 1_000 + " s";
    }

    private String paint(Colour colour, String text) {
        return style.colour() ? "\u001b[" + colour.sgr + "m" + text + "\u001b[0m" : text;
    }
}
