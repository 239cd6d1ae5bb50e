package io.sekisho.mail.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.message.HeaderLimits;
import io.sekisho.mail.message.MemoryContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DsnWriterTest {
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
    private static final Instant NOW = Instant.parse("2025-11-22T01:42:07Z");
    private static final Mailbox HANAKO = new Mailbox("hanako", "hakone.example");
    private static final Mailbox ALICE = new Mailbox("alice", "sender.example");
    private static final String MAIL =
            "From: Hanako <hanako@hakone.example>\r\nSubject: hello\r\nMessage-ID: <1@hakone.example>\r\n\r\nBody.\r\n";

    private final DsnWriter writer = new DsnWriter(new DomainName("mx.gate.example"), TOKYO, DsnLimits.DEFAULT);

    private static MemoryContent content(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return new MemoryContent(octets, octets.length, !Words.ascii(text));
    }

    private static DsnRecipient failed(Mailbox recipient, String status, @Nullable String reply) {
        return new DsnRecipient(
                null,
                recipient,
                DsnAction.FAILED,
                Objects.requireNonNull(EnhancedStatus.atStartOf(status)),
                "mail.sender.example",
                reply,
                NOW.minusSeconds(60),
                null);
    }

    private static DsnFacts facts(String mail, ReturnOf ret, boolean smtpUtf8, DsnRecipient... recipients) {
        return new DsnFacts(HANAKO, List.of(recipients), NOW.minusSeconds(3600), null, ret, smtpUtf8, content(mail));
    }

    private String written(DsnFacts facts, ReportLanguage language) throws IOException {
        return text(writer.write(facts, language, "id-1", NOW));
    }

    private static String text(Dsn dsn) throws IOException {
        byte[] octets = dsn.content().open().readAllBytes();
        String text = new String(octets, StandardCharsets.UTF_8);
        assertEquals(octets.length, dsn.content().size());
        assertEquals(!Words.ascii(text), dsn.content().eightBit());
        return text;
    }

    private static List<String> parts(String dsn) {
        return Arrays.asList(dsn.split("\r\n--=_id-1(--)?\r\n"));
    }

    private static String decoded(String part) {
        String[] halves = part.split("\r\n\r\n", 2);
        return halves[0].contains("base64")
                ? new String(Base64.getMimeDecoder().decode(halves[1]), StandardCharsets.UTF_8)
                : halves[1];
    }

    @Test
    void aFailureInEnglish() throws IOException {
        String dsn = written(
                facts(MAIL, ReturnOf.FULL, false, failed(ALICE, "5.1.1", "550 5.1.1 No such user")),
                ReportLanguage.ENGLISH);
        List<String> parts = parts(dsn);
        assertEquals(4, parts.size());
        assertEquals("""
                Date: Sat, 22 Nov 2025 10:42:07 +0900
                From: Mail gateway <MAILER-DAEMON@mx.gate.example>
                To: <hanako@hakone.example>
                Message-ID: <id-1@mx.gate.example>
                In-Reply-To: <1@hakone.example>
                References: <1@hakone.example>
                Subject: Not delivered: alice@sender.example
                Auto-Submitted: auto-replied
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status;
                 boundary="=_id-1"
                Content-Transfer-Encoding: 7bit
                """.replace("\n", "\r\n"), parts.get(0));
        assertEquals("""
                Content-Type: text/plain; charset=utf-8
                Content-Language: en
                Content-Transfer-Encoding: 7bit

                Your message could not be delivered as follows. It is not tried again.

                  alice@sender.example
                    Why: The recipient's mail server has no such address. (5.1.1)
                    What to do: Check the spelling of the address, or ask the recipient
                    for the current one, and send the message again.
                    mail.sender.example replied: 550 5.1.1 No such user

                We took the message on 22 Nov 2025, 09:42:07 (JST).
                Its Message-ID is <1@hakone.example>.
                A report for programs and the message are attached.

                This notice comes from the mail gateway mx.gate.example. Nobody reads
                answers to it.
                """.replace("\n", "\r\n"), parts.get(1));
        assertEquals("""
                Content-Type: message/delivery-status
                Content-Transfer-Encoding: 7bit

                Reporting-MTA: dns; mx.gate.example
                Arrival-Date: Sat, 22 Nov 2025 09:42:07 +0900

                Final-Recipient: rfc822; alice@sender.example
                Action: failed
                Status: 5.1.1
                Remote-MTA: dns; mail.sender.example
                Diagnostic-Code: smtp; 550 5.1.1 No such user
                Last-Attempt-Date: Sat, 22 Nov 2025 10:41:07 +0900
                """.replace("\n", "\r\n"), parts.get(2));
        assertEquals("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + MAIL, parts.get(3));
    }

    @Test
    void aDelayInJapanese() throws IOException {
        DsnRecipient waiting = new DsnRecipient(
                new OriginalRecipient("rfc822", "a+b@sender.example"),
                ALICE,
                DsnAction.DELAYED,
                new EnhancedStatus(4, 4, 1),
                null,
                null,
                null,
                NOW.plusSeconds(86_400));
        DsnFacts facts = new DsnFacts(HANAKO, List.of(waiting), NOW, "env 1", ReturnOf.FULL, false, content(MAIL));
        List<String> parts = parts(written(facts, ReportLanguage.JAPANESE));
        assertTrue(parts.get(0).contains("\r\nSubject: =?UTF-8?B?"), parts.get(0));
        assertEquals("""
                次の宛先に、メッセージをまだ届けられていません(配送待ち)。
                自動で配送を続けます。送り直す必要はありません。

                  a+b@sender.example
                    原因: 宛先のメールサーバーが応答しませんでした。(4.4.1)
                    配送を続ける期限: 2025/11/23 10:42:07 (JST)

                メッセージを受け取った日時: 2025/11/22 10:42:07 (JST)
                Message-ID: <1@hakone.example>
                プログラム用の報告と、メッセージのヘッダーを添付しています。

                この通知は、メールゲートウェイmx.gate.exampleが自動で送りました。
                返信しても、読む人はいません。
                """.replace("\n", "\r\n"), decoded(parts.get(1)));
        assertTrue(parts.get(2).contains("\r\nOriginal-Envelope-Id: env 1\r\n"));
        assertTrue(parts.get(2).contains("\r\nOriginal-Recipient: rfc822; a+b@sender.example\r\n"));
        assertTrue(parts.get(2).contains("\r\nWill-Retry-Until: Sun, 23 Nov 2025 10:42:07 +0900"));
        // what did not fail comes back without its body, whatever RET says
        assertTrue(parts.get(3).startsWith("Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 7bit\r\n"));
        assertFalse(parts.get(3).contains("Body."));
    }

    @Test
    void severalRecipientsInBothLanguages() throws IOException {
        DsnRecipient delivered =
                new DsnRecipient(null, ALICE, DsnAction.DELIVERED, new EnhancedStatus(2, 0, 0), null, null, null, null);
        DsnFacts facts = facts(
                MAIL,
                ReturnOf.HDRS,
                false,
                delivered,
                failed(new Mailbox("bob", "sender.example"), "5.2.2", null),
                failed(new Mailbox("carol", "sender.example"), "4.4.7", null));
        List<String> parts = parts(written(facts, ReportLanguage.BOTH));
        String human = decoded(parts.get(1));
        assertTrue(human.indexOf("いっぱい") < human.indexOf("mailbox is full"), human);
        assertTrue(human.contains("Your message was delivered as follows.\r\n\r\n  alice@sender.example\r\n"), human);
        assertTrue(human.contains("届けました(配送済み)"));
        assertEquals(3, parts.get(2).split("\r\nFinal-Recipient: ", -1).length - 1);
        assertTrue(HumanPart.subject(facts, ReportLanguage.BOTH)
                .startsWith("不達のお知らせ / Not delivered: bob@sender.example (+1)"));
        assertEquals("不達のお知らせ: bob@sender.exampleほか1件", HumanPart.subject(facts, ReportLanguage.JAPANESE));
    }

    @Test
    void whatIsReturnedIsFitForItsWay() throws IOException {
        DsnRecipient recipient = failed(ALICE, "5.7.1", "550 no");
        // a whole message with 8-bit octets stays as it is
        String eight = MAIL + "本文\r\n";
        String whole = parts(written(facts(eight, ReturnOf.FULL, false, recipient), ReportLanguage.ENGLISH))
                .get(3);
        assertEquals("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + eight, whole);
        // its header alone is made 7-bit
        String header = parts(
                        written(facts("Subject: 件名\r\n\r\n", ReturnOf.HDRS, false, recipient), ReportLanguage.ENGLISH))
                .get(3);
        assertEquals("""
                Content-Type: text/rfc822-headers; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Subject: =E4=BB=B6=E5=90=8D
                """.replace("\n", "\r\n"), header);
        // lines too long, NUL and bare CR do not come back whole
        for (String bad : List.of("x".repeat(999), "\0", "a\rb", "a\nb")) {
            String part = parts(written(
                            facts(MAIL + bad + "\r\n", ReturnOf.FULL, false, recipient), ReportLanguage.ENGLISH))
                    .get(3);
            assertTrue(part.startsWith("Content-Type: text/rfc822-headers\r\n"), bad);
        }
        String large = MAIL + "line\r\n".repeat(60_000);
        assertFalse(written(facts(large, ReturnOf.FULL, false, recipient), ReportLanguage.ENGLISH)
                .contains("line"));
        String longLine = "X: " + "y".repeat(2000) + "\r\n\r\n";
        String part = parts(written(facts(longLine, ReturnOf.HDRS, false, recipient), ReportLanguage.ENGLISH))
                .get(3);
        assertTrue(part.lines().allMatch(line -> line.length() <= 76), part);
    }

    @Test
    void octetsThatAreNoUtf8AreNamedSo() throws IOException {
        byte[] octets = {'S', ':', ' ', (byte) 0x93, (byte) 0xfa, '\r', '\n', '\r', '\n'};
        DsnFacts facts = new DsnFacts(
                HANAKO,
                List.of(failed(ALICE, "5.0.0", null)),
                null,
                null,
                ReturnOf.HDRS,
                false,
                new MemoryContent(octets, octets.length, true));
        assertTrue(written(facts, ReportLanguage.ENGLISH).contains("charset=unknown-8bit\r\n"));
    }

    @Test
    void addressesInUtf8() throws IOException {
        Mailbox utf8 = new Mailbox("花+子", "例え.example");
        String seven =
                written(facts(MAIL, ReturnOf.FULL, false, failed(utf8, "5.1.1", "550 いません")), ReportLanguage.ENGLISH);
        assertTrue(
                seven.contains("\r\nFinal-Recipient: utf-8; \\x{82B1}\\x{2B}\\x{5B50}@\\x{4F8B}\\x{3048}.example\r\n"),
                seven);
        assertTrue(seven.contains("Diagnostic-Code: smtp; 550 ????\r\n"), seven);
        assertTrue(Words.ascii(seven));
        DsnFacts facts = new DsnFacts(
                new Mailbox("山田", "hakone.example"),
                List.of(failed(utf8, "5.1.1", null)),
                null,
                null,
                ReturnOf.FULL,
                true,
                content("Subject: 件名\r\n\r\nx\r\n"));
        Dsn dsn = writer.write(facts, ReportLanguage.ENGLISH, "id-1", NOW);
        assertTrue(dsn.smtpUtf8());
        String global = text(dsn);
        assertTrue(global.contains("\r\nTo: <山田@hakone.example>\r\n"), global);
        assertTrue(
                global.contains("Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n"));
        assertTrue(global.contains("\r\nFinal-Recipient: utf-8; 花\\x{2B}子@例え.example\r\n"), global);
        assertTrue(
                global.contains("Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: 件名"));
        // SMTPUTF8 is not asked for when nothing needs it
        assertFalse(writer.write(
                        facts(MAIL, ReturnOf.FULL, true, failed(ALICE, "5.1.1", null)),
                        ReportLanguage.BOTH,
                        "id-1",
                        NOW)
                .smtpUtf8());
        assertThrows(
                IllegalArgumentException.class,
                () -> new DsnFacts(
                        utf8, List.of(failed(ALICE, "5.1.1", null)), null, null, ReturnOf.FULL, false, content(MAIL)));
    }

    @Test
    void factsThatContradictEachOther() {
        EnhancedStatus good = new EnhancedStatus(2, 0, 0);
        assertThrows(
                IllegalArgumentException.class,
                () -> new DsnRecipient(null, ALICE, DsnAction.FAILED, good, null, null, null, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new DsnRecipient(null, ALICE, DsnAction.DELIVERED, good, null, null, null, NOW));
        assertThrows(IllegalArgumentException.class, () -> facts(MAIL, ReturnOf.FULL, false));
        DsnFacts many = new DsnFacts(
                HANAKO,
                Collections.nCopies(1001, failed(ALICE, "5.1.1", null)),
                null,
                null,
                ReturnOf.FULL,
                false,
                content(MAIL));
        assertThrows(IllegalArgumentException.class, () -> writer.write(many, ReportLanguage.ENGLISH, "id-1", NOW));
    }

    @Test
    void theReturnedHeaderIsBounded() throws IOException {
        DsnWriter small = new DsnWriter(
                new DomainName("mx.gate.example"), TOKYO, new DsnLimits(10, 10, new HeaderLimits(100, 2), 900));
        DsnFacts facts = facts("A: 1\r\nB: 2\r\nC: 3\r\n\r\n", ReturnOf.FULL, false, failed(ALICE, "5.1.1", null));
        assertTrue(text(small.write(facts, ReportLanguage.ENGLISH, "id-1", NOW))
                .contains("A: 1\r\nB: 2\r\n\r\n--=_id-1--"));
    }

    /** Whatever a remote server says, lines and fields of the notice stay ours. */
    @Property(tries = 80)
    void repliesOfStrangersStayInTheirPlace(@ForAll @StringLength(max = 1200) String reply) throws IOException {
        for (ReportLanguage language : ReportLanguage.values()) {
            String dsn = written(
                    facts(MAIL, ReturnOf.HDRS, false, failed(ALICE, "5.7.1", reply + "\r\nX-Evil: 1")), language);
            assertTrue(Words.ascii(dsn));
            List<String> parts = parts(dsn);
            assertEquals(4, parts.size());
            assertTrue(parts.get(2).contains("\r\nDiagnostic-Code: smtp;"));
            assertFalse(parts.get(2).contains("\r\nX-Evil"));
            assertTrue(dsn.lines().allMatch(line -> line.length() <= 998));
        }
    }

    @Test
    void whatOthersSayIsMadePrintable() {
        assertEquals("a b c? ?evil 関", Words.printable(" a\t\r\nb  c\0 \u202eevil 関\n", false));
        assertEquals("a ?", Words.printable("a 関", true));
        assertEquals("ab", Words.cut("ab\ud842\udfb7", 3));
        assertEquals("X:\r\n " + "y".repeat(80) + "\r\n z\r\n", Words.field("X", "y".repeat(80) + " z"));
    }

    @Test
    void everyCauseIsSaidInBothLanguages() {
        for (Cause cause : Cause.values()) {
            for (String english : List.of(cause.english(), cause.englishRemedy())) {
                assertTrue(english.endsWith(".") && Words.ascii(english), english);
            }
            for (String japanese : List.of(cause.japanese(), cause.japaneseRemedy())) {
                assertTrue(japanese.endsWith("。") && !japanese.contains("遅延"), japanese);
            }
        }
        assertEquals(Cause.MAILBOX_FULL, Cause.of(new EnhancedStatus(4, 2, 2)));
        assertEquals(Cause.NOT_AUTHENTICATED, Cause.of(new EnhancedStatus(5, 7, 26)));
        assertEquals(Cause.NOT_ENCRYPTED, Cause.of(new EnhancedStatus(4, 7, 5)));
        assertEquals(Cause.NO_DOMAIN, Cause.of(new EnhancedStatus(5, 1, 10)));
        assertEquals(Cause.NOT_TAKEN, Cause.of(new EnhancedStatus(5, 0, 0)));
    }
}
