package io.sekisho.control.notices;

import io.sekisho.control.notices.Notice.Held;
import io.sekisho.gateway.tracking.Reason;
import io.sekisho.mail.report.ReportLanguage;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What notices say: what happened, that nothing is lost, and what to do. */
final class NoticeWords {
    private static final DateTimeFormatter ENGLISH =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm (z)", Locale.ENGLISH);
    private static final DateTimeFormatter JAPANESE =
            DateTimeFormatter.ofPattern("uuuu年M月d日 H時mm分 (z)", Locale.JAPANESE);
    private static final String BETWEEN = "\n----------------------------------------\n\n";
    private static final int REPLY = 300;
    private static final String WHAT_TO_DO = """
            What to do: see why your mail server did not take them (what it said stands
            above), mend it, then have the messages delivered again.
            """;
    private static final String WHAT_TO_DO_JAPANESE = """
            ご対応: お使いのメールサーバーが受け取らなかった理由（上の「応答」）を
            確認して解消し、そのうえでメールの再配送を行ってください。
            """;

    private final String hostName;
    private final ZoneId zone;

    NoticeWords(String hostName, ZoneId zone) {
        this.hostName = hostName;
        this.zone = zone;
    }

    String subject(Notice notice, ReportLanguage language) {
        return switch (language) {
            case JAPANESE -> japaneseSubject(notice);
            case ENGLISH -> englishSubject(notice);
            case BOTH -> japaneseSubject(notice) + " / " + englishSubject(notice);
        };
    }

    String text(Notice notice, ReportLanguage language) {
        return switch (language) {
            case JAPANESE -> japanese(notice);
            case ENGLISH -> english(notice);
            case BOTH -> japanese(notice) + BETWEEN + english(notice);
        };
    }

    private static String englishSubject(Notice notice) {
        return switch (notice) {
            case Notice.EarlyMail early -> "Mail for " + early.domain() + " waits: the domain is not confirmed yet";
            case Notice.HeldMail held ->
                held.total() == 1
                        ? "1 message is held: it could not be delivered"
                        : held.total() + " messages are held: they could not be delivered";
        };
    }

    private static String japaneseSubject(Notice notice) {
        return switch (notice) {
            case Notice.EarlyMail early -> early.domain() + " 宛のメールが待機しています（ドメインの確認が済んでいません）";
            case Notice.HeldMail held -> "配送できないメール " + held.total() + " 通を保留しています";
        };
    }

    private String english(Notice notice) {
        return switch (notice) {
            case Notice.EarlyMail early ->
                """
                Mail for %s has come to %s since %s
                (%s so far). The MX record of the domain points here already,
                but the domain is not confirmed yet, so we asked the senders to try
                again later (451). No mail is lost for now: mail servers usually try
                for four to five days.

                What to do, soon:
                - confirm the domain in the set-up of Sekisho; its mail is then
                  delivered without anything else to do, or
                - if the MX record was changed too early, change it back.

                You get this notice once a day while such mail comes.
                """.formatted(
                                early.domain(),
                                hostName,
                                ENGLISH.format(at(early.first())),
                                (early.recipients() == 1 ? "1 recipient" : early.recipients() + " recipients"));
            case Notice.HeldMail held -> {
                StringBuilder out = new StringBuilder(held.total() == 1 ? "1 message" : held.total() + " messages");
                out.append(" could not be delivered and ")
                        .append(held.total() == 1 ? "is" : "are")
                        .append(" kept by ")
                        .append(hostName)
                        .append(". Nothing is lost,\nand the senders were not told.\n\n");
                for (Held one : held.some()) {
                    out.append("- ")
                            .append(one.mailbox())
                            .append(", ")
                            .append(ENGLISH.format(at(one.at())))
                            .append('\n');
                    out.append("  ").append(english(one.reason())).append('\n');
                    out.append("  said: ").append(reply(one)).append('\n');
                    out.append("  id: ").append(one.id()).append('\n');
                }
                out.append(more(held) > 0 ? "and " + more(held) + " more\n" : "");
                yield out.append("\n").append(WHAT_TO_DO).toString();
            }
        };
    }

    private String japanese(Notice notice) {
        return switch (notice) {
            case Notice.EarlyMail early ->
                """
                %s 宛のメールが、%sから %s に届いています
                （これまでに宛先 %d 件）。
                ドメインの MX レコードはすでにこちらを指していますが、ドメインの確認が
                まだ済んでいないため、送信元には「後で再送してください」（451）と応答
                しています。今のところメールは失われていません。送信元のサーバーは通常
                4～5 日間、再送を続けます。

                お早めに次のどちらかをお願いします。
                ・Sekisho の設定でドメインの確認を済ませる（以後のメールはそのまま
                  配送されます）
                ・MX レコードの変更が早すぎた場合は、元に戻す

                このお知らせは、該当するメールが届く間、1 日 1 回お送りします。
                """.formatted(early.domain(), JAPANESE.format(at(early.first())), hostName, early.recipients());
            case Notice.HeldMail held -> {
                StringBuilder out = new StringBuilder("配送できなかったメール " + held.total() + " 通を、" + hostName
                        + " で保留しています。\nメールは失われていません。送信者には通知していません。\n\n");
                for (Held one : held.some()) {
                    out.append("・")
                            .append(one.mailbox())
                            .append("　")
                            .append(JAPANESE.format(at(one.at())))
                            .append('\n');
                    out.append("  ").append(japanese(one.reason())).append('\n');
                    out.append("  応答: ").append(reply(one)).append('\n');
                    out.append("  ID: ").append(one.id()).append('\n');
                }
                out.append(more(held) > 0 ? "ほか " + more(held) + " 通\n" : "");
                yield out.append("\n").append(WHAT_TO_DO_JAPANESE).toString();
            }
        };
    }

    private static long more(Notice.HeldMail held) {
        return held.total() - held.some().size();
    }

    private static String english(Reason reason) {
        return switch (reason) {
            case ROUTE_REFUSED -> "your mail server refused it for good";
            case EXPIRED -> "your mail server could not be reached for too long";
            case NO_MAIL_THERE -> "its domain takes no mail";
        };
    }

    private static String japanese(Reason reason) {
        return switch (reason) {
            case ROUTE_REFUSED -> "お使いのメールサーバーが受信を拒否しました";
            case EXPIRED -> "お使いのメールサーバーに期限内に配送できませんでした";
            case NO_MAIL_THERE -> "宛先のドメインはメールを受け取りません";
        };
    }

    /** What a server said, in one line and fit to be shown. */
    private static String reply(Held held) {
        StringBuilder out = new StringBuilder();
        held.reply()
                .codePoints()
                .limit(REPLY)
                .forEach(c -> out.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c));
        return out.isEmpty() ? "-" : out.toString();
    }

    private java.time.ZonedDateTime at(Instant instant) {
        return instant.atZone(zone);
    }
}
