package io.sekisho.mail.report;

import io.sekisho.mail.address.DomainName;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The part that people read: what became of the message, why, and what they can do. */
final class HumanPart {
    private static final DateTimeFormatter ENGLISH_TIME =
            DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm:ss (z)", Locale.ENGLISH);
    private static final DateTimeFormatter JAPANESE_TIME =
            DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss (z)", Locale.ENGLISH);
    private static final int WIDTH = 72;

    private final DomainName reportingMta;
    private final ZoneId zone;
    private final int diagnostic;

    /** @param diagnostic characters of a reply */
    HumanPart(DomainName reportingMta, ZoneId zone, int diagnostic) {
        this.reportingMta = reportingMta;
        this.zone = zone;
        this.diagnostic = diagnostic;
    }

    /**
     * The text, lines ended by CR LF.
     *
     * @param messageId the Message-ID of the message, or null
     * @param full whether the whole message comes back
     */
    String of(DsnFacts facts, ReportLanguage language, @Nullable String messageId, boolean full) {
        List<String> lines = new ArrayList<>();
        if (language.japanese()) {
            japanese(lines, facts, messageId, full);
        }
        if (language == ReportLanguage.BOTH) {
            lines.addAll(List.of("", "-".repeat(WIDTH), ""));
        }
        if (language.english()) {
            english(lines, facts, messageId, full);
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    /** The subject. */
    static String subject(DsnFacts facts, ReportLanguage language) {
        DsnAction action = facts.leading();
        List<DsnRecipient> those =
                facts.recipients().stream().filter(r -> r.action() == action).toList();
        String address = Words.cut(Words.printable(those.getFirst().knownAs(), false), 500);
        int more = those.size() - 1;
        return switch (language) {
            case JAPANESE -> japaneseName(action) + ": " + address + (more > 0 ? "ほか" + more + "件" : "");
            case ENGLISH -> englishName(action) + ": " + address + (more > 0 ? " and " + more + " more" : "");
            case BOTH ->
                japaneseName(action) + " / " + englishName(action) + ": " + address
                        + (more > 0 ? " (+" + more + ")" : "");
        };
    }

    private static String englishName(DsnAction action) {
        return switch (action) {
            case FAILED -> "Not delivered";
            case DELAYED -> "Not delivered yet";
            case RELAYED, EXPANDED -> "Handed on";
            case DELIVERED -> "Delivered";
        };
    }

    private static String japaneseName(DsnAction action) {
        return switch (action) {
            case FAILED -> "不達のお知らせ";
            case DELAYED -> "配送待ちのお知らせ";
            case RELAYED, EXPANDED -> "中継のお知らせ";
            case DELIVERED -> "配送済みのお知らせ";
        };
    }

    private void english(List<String> lines, DsnFacts facts, @Nullable String messageId, boolean full) {
        for (DsnAction action : DsnAction.values()) {
            List<DsnRecipient> those = facts.recipients().stream()
                    .filter(r -> r.action() == action)
                    .toList();
            if (those.isEmpty()) {
                continue;
            }
            wrap(lines, "", englishBeginning(action));
            for (DsnRecipient recipient : those) {
                lines.add("");
                lines.add("  " + Words.printable(recipient.knownAs(), false));
                englishReasons(lines, recipient);
            }
            lines.add("");
        }
        Instant arrival = facts.arrival();
        if (arrival != null) {
            lines.add("We took the message on " + ENGLISH_TIME.format(arrival.atZone(zone)) + ".");
        }
        if (messageId != null) {
            lines.add("Its Message-ID is " + messageId + ".");
        }
        wrap(lines, "", "A report for programs and " + (full ? "the message" : "its header") + " are attached.");
        lines.add("");
        wrap(lines, "", "This notice comes from the mail gateway " + reportingMta + ". Nobody reads answers to it.");
    }

    private static String englishBeginning(DsnAction action) {
        return switch (action) {
            case FAILED -> "Your message could not be delivered as follows. It is not tried again.";
            case DELAYED ->
                "Your message could not be delivered yet as follows. It is tried again by itself; you need not send it again.";
            case RELAYED ->
                "Your message was handed on as follows, to a mail server that sends no notices when it delivers.";
            case EXPANDED -> "Your message was handed on as follows, to further recipients.";
            case DELIVERED -> "Your message was delivered as follows.";
        };
    }

    private void englishReasons(List<String> lines, DsnRecipient recipient) {
        Cause cause = Cause.of(recipient.status());
        switch (recipient.action()) {
            case FAILED -> {
                wrap(lines, "    ", "Why: " + cause.english() + " (" + recipient.status() + ")");
                wrap(lines, "    ", "What to do: " + cause.englishRemedy());
            }
            case DELAYED -> {
                wrap(lines, "    ", "Why: " + cause.english() + " (" + recipient.status() + ")");
                Instant until = recipient.retryUntil();
                if (until != null) {
                    wrap(lines, "    ", "Tried until: " + ENGLISH_TIME.format(until.atZone(zone)));
                }
            }
            case RELAYED, EXPANDED, DELIVERED -> {}
        }
        String reply = reply(recipient);
        if (reply != null) {
            String server = server(recipient);
            wrap(lines, "    ", (server == null ? "The reply: " : server + " replied: ") + reply);
        }
    }

    private void japanese(List<String> lines, DsnFacts facts, @Nullable String messageId, boolean full) {
        for (DsnAction action : DsnAction.values()) {
            List<DsnRecipient> those = facts.recipients().stream()
                    .filter(r -> r.action() == action)
                    .toList();
            if (those.isEmpty()) {
                continue;
            }
            lines.addAll(japaneseBeginning(action));
            for (DsnRecipient recipient : those) {
                lines.add("");
                lines.add("  " + Words.printable(recipient.knownAs(), false));
                japaneseReasons(lines, recipient);
            }
            lines.add("");
        }
        Instant arrival = facts.arrival();
        if (arrival != null) {
            lines.add("メッセージを受け取った日時: " + JAPANESE_TIME.format(arrival.atZone(zone)));
        }
        if (messageId != null) {
            lines.add("Message-ID: " + messageId);
        }
        lines.add("プログラム用の報告と、" + (full ? "メッセージ全体" : "メッセージのヘッダー") + "を添付しています。");
        lines.add("");
        lines.add("この通知は、メールゲートウェイ" + reportingMta + "が自動で送りました。");
        lines.add("返信しても、読む人はいません。");
    }

    private static List<String> japaneseBeginning(DsnAction action) {
        return switch (action) {
            case FAILED -> List.of("次の宛先に、メッセージを届けられませんでした。", "これ以上の配送は行いません。");
            case DELAYED -> List.of("次の宛先に、メッセージをまだ届けられていません(配送待ち)。", "自動で配送を続けます。送り直す必要はありません。");
            case RELAYED -> List.of("次の宛先へのメッセージを、配送の通知を行わないメールサーバーに渡しました。");
            case EXPANDED -> List.of("次の宛先へのメッセージを、その先の複数の宛先に渡しました。");
            case DELIVERED -> List.of("次の宛先に、メッセージを届けました(配送済み)。");
        };
    }

    private void japaneseReasons(List<String> lines, DsnRecipient recipient) {
        Cause cause = Cause.of(recipient.status());
        switch (recipient.action()) {
            case FAILED -> {
                lines.add("    原因: " + cause.japanese() + "(" + recipient.status() + ")");
                lines.add("    対処: " + cause.japaneseRemedy());
            }
            case DELAYED -> {
                lines.add("    原因: " + cause.japanese() + "(" + recipient.status() + ")");
                Instant until = recipient.retryUntil();
                if (until != null) {
                    lines.add("    配送を続ける期限: " + JAPANESE_TIME.format(until.atZone(zone)));
                }
            }
            case RELAYED, EXPANDED, DELIVERED -> {}
        }
        String reply = reply(recipient);
        if (reply != null) {
            String server = server(recipient);
            lines.add("    応答: " + (server == null ? "" : server) + "「" + reply + "」");
        }
    }

    private @Nullable String reply(DsnRecipient recipient) {
        String reply = recipient.diagnostic();
        return reply == null ? null : Words.cut(Words.printable(reply, false), diagnostic);
    }

    private static @Nullable String server(DsnRecipient recipient) {
        String remoteMta = recipient.remoteMta();
        return remoteMta == null ? null : Words.printable(remoteMta, true);
    }

    /** Breaks at spaces so that lines have at most 72 characters; a longer word has a line of its own. */
    private static void wrap(List<String> lines, String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ")) {
            boolean begun = line.length() > indent.length();
            if (begun && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
        }
        lines.add(line.toString());
    }
}
