package io.sekisho.mail.report;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/** For the judge: writes notices of every kind in every language, NAME.LANGUAGE.eml. Argument: the folder to write to. */
final class WriteNotices {
    private static final Instant NOW = Instant.parse("2026-04-01T01:02:03Z");
    private static final String MAIL =
            "From: Hanako <hanako@judge.example>\r\nSubject: %s\r\nMessage-ID: <1@judge.example>\r\n\r\n%s\r\n";

    private WriteNotices() {}

    public static void main(String[] arguments) throws IOException {
        Path to = Path.of(arguments[0]);
        DsnWriter writer = new DsnWriter(new DomainName("judge.example"), ZoneId.of("Asia/Tokyo"), DsnLimits.DEFAULT);
        Content plain = content(MAIL.formatted("hello", "Body."), StandardCharsets.US_ASCII);
        Content utf8 = content(MAIL.formatted("件名", "本文"), StandardCharsets.UTF_8);
        Content shiftJis = content(MAIL.formatted("件名", "本文"), Charset.forName("Shift_JIS"));
        for (ReportLanguage language : ReportLanguage.values()) {
            write(to, writer, "failed-full", facts(plain, ReturnOf.FULL, false, failed("taro")), language);
            write(to, writer, "failed-hdrs", facts(plain, ReturnOf.HDRS, false, failed("taro")), language);
            write(to, writer, "failed-full-utf8", facts(utf8, ReturnOf.FULL, false, failed("taro")), language);
            write(to, writer, "failed-hdrs-utf8", facts(utf8, ReturnOf.HDRS, false, failed("taro")), language);
            write(to, writer, "failed-hdrs-sjis", facts(shiftJis, ReturnOf.HDRS, false, failed("taro")), language);
            write(to, writer, "failed-global", facts(utf8, ReturnOf.FULL, true, failed("太郎")), language);
            write(to, writer, "failed-xtext", facts(plain, ReturnOf.FULL, false, failed("太郎")), language);
            write(to, writer, "delayed", facts(plain, ReturnOf.FULL, false, delayed()), language);
            write(
                    to,
                    writer,
                    "mixed",
                    facts(plain, ReturnOf.HDRS, false, failed("taro"), delayed(), delivered()),
                    language);
        }
    }

    private static Content content(String text, Charset charset) {
        byte[] octets = text.getBytes(charset);
        return new MemoryContent(octets, octets.length, !Words.ascii(text));
    }

    private static DsnFacts facts(Content message, ReturnOf ret, boolean smtpUtf8, DsnRecipient... recipients) {
        return new DsnFacts(
                new Mailbox("hanako", "judge.example"), List.of(recipients), NOW, "env+1", ret, smtpUtf8, message);
    }

    private static DsnRecipient failed(String localPart) {
        String reply = "550 5.1.1 <" + localPart + "@arai.example>: no such user here, and this is a long reply "
                + "that goes on for some more words so that it must be folded";
        return new DsnRecipient(
                new OriginalRecipient("rfc822", "first@arai.example"),
                new Mailbox(localPart, "arai.example"),
                DsnAction.FAILED,
                new EnhancedStatus(5, 1, 1),
                "mail.arai.example",
                reply,
                NOW,
                null);
    }

    private static DsnRecipient delayed() {
        return new DsnRecipient(
                null,
                new Mailbox("jiro", "arai.example"),
                DsnAction.DELAYED,
                new EnhancedStatus(4, 4, 1),
                null,
                null,
                NOW,
                NOW.plusSeconds(86_400));
    }

    private static DsnRecipient delivered() {
        return new DsnRecipient(
                null,
                new Mailbox("saburo", "arai.example"),
                DsnAction.DELIVERED,
                new EnhancedStatus(2, 0, 0),
                null,
                null,
                NOW,
                null);
    }

    private static void write(Path to, DsnWriter writer, String name, DsnFacts facts, ReportLanguage language)
            throws IOException {
        String file = name + "." + language.name().toLowerCase(Locale.ROOT);
        try (InputStream in = writer.write(facts, language, file, NOW).content().open()) {
            Files.copy(in, to.resolve(file + ".eml"));
        }
    }
}
