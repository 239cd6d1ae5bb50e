package io.sekisho.app.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.EncodedText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class DemoMailsTest {
    private static final Pattern JAPANESE = Pattern.compile("[\\p{IsHiragana}\\p{IsKatakana}]");

    private final List<DemoMail> mails = DemoMails.all();

    @Test
    void fiftyMailsWithDifferentNames() {
        assertEquals(50, mails.size());
        assertEquals(50, Set.copyOf(mails.stream().map(DemoMail::name).toList()).size());
    }

    @Test
    void halfOfThemAreJapaneseInEveryUsualCharset() {
        List<DemoMail> japanese = mails.stream().filter(DemoMail::japanese).toList();
        assertTrue(japanese.size() >= 20 && japanese.size() <= 30, "Japanese mails: " + japanese.size());
        assertTrue(count(japanese, "charset=iso-2022-jp") >= 3);
        assertTrue(count(japanese, "charset=shift_jis") >= 2);
        assertTrue(count(japanese, "charset=utf-8") >= 15);
    }

    @Test
    void bothNotesSayWhatItShowsEachInItsLanguage() {
        for (DemoMail mail : mails) {
            assertTrue(JAPANESE.matcher(mail.noteJa()).find(), mail.name());
            assertFalse(JAPANESE.matcher(mail.noteEn()).find(), mail.name());
        }
    }

    @Test
    void linesEndWithCrLfButForTheOneThatSmuggles() {
        for (DemoMail mail : mails) {
            String text = text(mail);
            String rest = text.replace("\r\n", "");
            boolean bare = rest.indexOf('\n') >= 0 || rest.indexOf('\r') >= 0;
            assertEquals(mail.name().equals("bare-lf"), bare, mail.name());
            assertTrue(text.indexOf(0) < 0, mail.name());
            assertTrue(text.endsWith("\n"), mail.name());
        }
    }

    @Test
    void theyAreTheSameEachTimeAndNoMarkIsLeft() {
        for (DemoMail mail : mails) {
            byte[] once = mail.octets().get();
            assertArrayEquals(once, mail.octets().get());
            assertFalse(new String(once, StandardCharsets.ISO_8859_1).contains("[["), mail.name());
        }
    }

    @Test
    void peopleAreKnownUnlessTheMailIsToBeRefused() {
        Set<String> known = new HashSet<>();
        DemoCast.HAKONE_PEOPLE.forEach(name -> known.add(name + "@" + DemoCast.HAKONE));
        DemoCast.ARAI_PEOPLE.forEach(name -> known.add(name + "@" + DemoCast.ARAI));
        for (DemoMail mail : mails) {
            boolean all = known.containsAll(mail.recipients());
            boolean none = mail.recipients().stream().noneMatch(known::contains);
            Predicate<DemoMail.Expected> fits = switch (mail.expected()) {
                case TAKEN -> expected -> all;
                case PARTLY -> expected -> !none && mail.recipients().size() > 1;
                case REFUSED -> expected -> none || mail.name().equals("bare-lf");
            };
            assertTrue(fits.test(mail.expected()), mail.name());
        }
        assertEquals(
                2,
                mails.stream()
                        .filter(m -> m.expected() == DemoMail.Expected.PARTLY)
                        .count());
        assertEquals(
                3,
                mails.stream()
                        .filter(m -> m.expected() == DemoMail.Expected.REFUSED)
                        .count());
        assertTrue(mails.stream().filter(m -> m.sender().isEmpty()).count() >= 4);
        assertTrue(mails.stream().anyMatch(m -> m.recipients().size() == 40));
    }

    @Test
    void linksGoToReservedNamesOnly() {
        Pattern link = Pattern.compile("https?://([a-z0-9.-]+)");
        for (DemoMail mail : mails) {
            for (String text : List.of(text(mail), decoded(mail))) {
                Matcher found = link.matcher(text);
                while (found.find()) {
                    assertTrue(found.group(1).endsWith(".example"), mail.name() + ": " + found.group());
                }
            }
        }
    }

    @Test
    void sizesAreWhatTheNotesSay() {
        assertTrue(Math.abs(size("large-2mb-ja") - 2_000_000) < 100_000);
        assertTrue(Math.abs(size("large-8mb-en") - 8_000_000) < 400_000);
    }

    @Test
    void brokenMailsAreBrokenAsDescribed() {
        assertFalse(text(mail("broken-no-boundary")).contains("boundary"));
        assertEquals(3, text(mail("broken-two-content-types")).split("\r\nContent-Type: ", -1).length - 1);
        assertTrue(text(mail("broken-header-line")).contains("\r\nthis line has no colon at all\r\n"));
        assertTrue(text(mail("broken-long-lines")).lines().anyMatch(line -> line.length() > 10_000));
        assertFalse(text(mail("broken-no-end")).contains("--cut--"));
        assertTrue(text(mail("bare-lf")).contains("\n.\nMAIL FROM:"));
        String fax = new String(mail("broken-wrong-charset-ja").octets().get(), Charset.forName("Shift_JIS"));
        assertTrue(fax.contains("Subject: ファクスを受信しました\r\n"));
        assertTrue(text(mail("broken-wrong-charset-ja")).contains("charset=UTF-8"));
    }

    @Test
    void oldJapaneseStaysWithinSevenBits() {
        byte[] octets = mail("meeting-iso2022jp").octets().get();
        for (byte octet : octets) {
            assertTrue(octet >= 0);
        }
        String text = new String(octets, Charset.forName("ISO-2022-JP"));
        assertTrue(text.contains("\r\n12月18日から一泊で、社員32名の旅行を考えております。\r\n"));
        for (String line : text(mail("meeting-iso2022jp")).split("\r\n", -1)) {
            assertTrue(!line.contains("=?") || line.strip().length() <= 76 + "Subject: ".length(), line);
        }
    }

    @Test
    void thePictureCanBeSeen() throws IOException {
        var picture = ImageIO.read(new ByteArrayInputStream(MadeOctets.of("png", 0)));
        assertEquals(32, picture.getWidth());
        assertEquals(255, picture.getRaster().getSample(0, 0, 0));
        assertEquals(7, picture.getRaster().getSample(31, 31, 0));
    }

    @Test
    void anUnknownMarkIsNotOverlooked() {
        assertThrows(IllegalArgumentException.class, () -> SampleFile.parse("x", "hots: a\n---\n"));
        assertThrows(IllegalArgumentException.class, () -> SampleFile.parse("x", "host: a\n"));
        assertThrows(IllegalArgumentException.class, () -> EncodedText.octets("①", Charset.forName("ISO-2022-JP")));
    }

    @Test
    void quotedPrintableKeepsItsRules() {
        String made = new String(
                EncodedText.quotedPrintable(("a = b \r\n" + "あ".repeat(30) + "\r\n").getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.US_ASCII);
        assertTrue(made.startsWith("a =3D b=20\r\n"), made);
        assertTrue(Arrays.stream(made.split("\r\n")).allMatch(line -> line.length() <= 76), made);
        assertEquals(
                "あ".repeat(30).getBytes(StandardCharsets.UTF_8).length, made.split("=[0-9A-F]{2}", -1).length - 1 - 2);
    }

    private DemoMail mail(String name) {
        return mails.stream()
                .filter(mail -> mail.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private int size(String name) {
        return mail(name).octets().get().length;
    }

    private static String text(DemoMail mail) {
        return new String(mail.octets().get(), StandardCharsets.ISO_8859_1);
    }

    /** All its base64 bodies as UTF-8. */
    private static String decoded(DemoMail mail) {
        StringBuilder out = new StringBuilder();
        Matcher body = Pattern.compile("base64\r\n\r\n([A-Za-z0-9+/=\r\n]+?)\r\n(?=--|$)")
                .matcher(text(mail));
        while (body.find() && mail.octets().get().length < 100_000) {
            out.append(new String(Base64.getMimeDecoder().decode(body.group(1)), StandardCharsets.UTF_8));
        }
        return out.toString();
    }

    private static long count(List<DemoMail> mails, String what) {
        return mails.stream()
                .filter(mail -> text(mail).toLowerCase(java.util.Locale.ROOT).contains(what))
                .count();
    }
}
