package io.sekisho.mail.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TextMessageTest {
    private static final Mailbox FROM = new Mailbox("postmaster", "mx.gate.example");

    private static String written(Mailbox to, String subject, String text, ReportLanguage language) throws IOException {
        var content = new TextMessage(FROM, to, subject, text, language)
                .content("7", Instant.parse("2026-11-25T03:00:00Z").atZone(ZoneId.of("Asia/Tokyo")));
        byte[] octets = content.open().readAllBytes();
        assertEquals(content.size(), octets.length);
        assertTrue(Octets.of(octets).lines());
        assertEquals(Octets.of(octets).eightBit(), content.eightBit());
        return new String(octets, StandardCharsets.UTF_8);
    }

    @Test
    void englishIsReadableAsItIs() throws IOException {
        assertEquals(
                """
                Date: Wed, 25 Nov 2026 12:00:00 +0900
                From: Sekisho <postmaster@mx.gate.example>
                To: <hanako@hakone.example>
                Message-ID: <7@mx.gate.example>
                Subject: Mail waits
                Auto-Submitted: auto-generated
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Language: en
                Content-Transfer-Encoding: quoted-printable

                One=3D1
                two
                """.replace("\n", "\r\n"),
                written(new Mailbox("hanako", "hakone.example"), "Mail waits", "One=1\ntwo\n", ReportLanguage.ENGLISH));
    }

    @Test
    void japaneseIsEncoded() throws IOException {
        String text = written(new Mailbox("hanako", "hakone.example"), "保留", "保留しています。\n", ReportLanguage.JAPANESE);
        assertTrue(text.contains("Subject: =?UTF-8?B?5L+d55WZ?=\r\n"), text);
        assertTrue(text.contains("Content-Transfer-Encoding: base64\r\n\r\n5L+d55WZ"), text);
        assertTrue(text.chars().allMatch(c -> c < 128));
        assertFalse(text.endsWith("\r\n\r\n"));
    }

    @Test
    void anInternationalAddressStandsAsItIs() throws IOException {
        String text = written(new Mailbox("花子", "例え.example"), "x", "x\n", ReportLanguage.ENGLISH);
        assertTrue(text.contains("To: <花子@xn--r8jz45g.example>\r\n"), text);
    }
}
