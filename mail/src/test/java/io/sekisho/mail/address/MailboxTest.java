package io.sekisho.mail.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.IDN;
import java.text.Normalizer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private static @Nullable String ascii(String domain) {
        DomainName name = DomainName.ofUnicode(domain);
        return name == null ? null : name.ascii();
    }

    @Test
    void uLabelsBecomeALabels() {
        assertEquals("xn--r8jz45g.example", ascii("例え.example"));
        assertEquals("xn--r8jz45g.example", ascii("XN--r8jz45g.EXAMPLE."));
        assertEquals("xn--bcher-kva.example", ascii("Bücher.example"));
        assertEquals("xn--bcher-kva.example", ascii(Normalizer.normalize("BÜCHER.example", Normalizer.Form.NFD)));
        assertEquals("xn--strae-oqa.example", ascii("straße.example"));
        assertEquals("xn--wgv71a119e.jp", ascii("日本語.jp"));
        assertEquals("hakone.example", ascii("Hakone.Example"));
        assertNotNull(ascii("々〇ー・箱.example"));
    }

    @Test
    void whatIsNoULabelIsRefused() {
        for (String domain : List.of(
                "",
                ".",
                "例え..example",
                "-例.example",
                "例-.example",
                "ab--例.example",
                "\u0301a.example",
                "ｈakone.example",
                "例。example",
                "a\u200dé.example",
                "a\u00adé.example",
                "é_a.example",
                "é a.example",
                "\ufb01é.example",
                "a・b.example",
                "♥.example",
                "\u3164é.example",
                "例".repeat(60) + ".example")) {
            assertNull(ascii(domain), domain);
        }
    }

    @Provide
    Arbitrary<String> labels() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withCharRange('\u3041', '\u3096')
                .withCharRange('\u4e00', '\u9000')
                .withCharRange('\u00e0', '\u00f6')
                .withCharRange('\u0430', '\u044f')
                .ofMinLength(1)
                .ofMaxLength(12);
    }

    @Property(tries = 500)
    void punycodeIsWhatOthersMakeOfIt(@ForAll("labels") String label) {
        String even = Normalizer.normalize(label, Normalizer.Form.NFC);
        Assume.that(even.equals(label) && even.chars().anyMatch(c -> c > 127));
        assertEquals(IDN.toASCII(label), ascii(label));
    }

    @Test
    void spellingsOfOneMailboxHaveOneKey() {
        var written = new Mailbox("Bücher", "例え.Example");
        assertEquals("例え.Example", written.domain());
        assertEquals("xn--r8jz45g.example", written.asciiDomain());
        String decomposed = Normalizer.normalize("BÜCHER", Normalizer.Form.NFD);
        assertEquals(written.key(), new Mailbox(decomposed, "xn--r8jz45g.example").key());
        assertEquals("taro@hakone.example", new Mailbox("Taro", "hakone.example").key());
    }

    @Test
    void whatNeedsSmtpUtf8IsKnown() {
        assertFalse(new Mailbox("taro", "hakone.example").international());
        assertTrue(new Mailbox("花子", "hakone.example").international());
        assertTrue(new Mailbox("taro", "例え.example").international());
        assertNull(new Mailbox("花子", "hakone.example").inAscii());
        assertEquals(new Mailbox("taro", "xn--r8jz45g.example"), new Mailbox("taro", "例え.example").inAscii());
    }

    @Test
    void lengthsAreInOctets() {
        assertEquals(3, Mailbox.octets("花"));
        assertEquals(2, Mailbox.octets("é"));
        assertEquals(4, Mailbox.octets("\ud83d\ude00"));
        assertEquals(255, Mailbox.octets(new Mailbox("花".repeat(85), "hakone.example").localPart()));
        assertThrows(IllegalArgumentException.class, () -> new Mailbox("花".repeat(86), "hakone.example"));
        assertThrows(IllegalArgumentException.class, () -> new Mailbox("taro", "♥.example"));
    }
}
