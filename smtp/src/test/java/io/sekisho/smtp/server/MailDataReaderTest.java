package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.ContentBuffer;
import io.sekisho.smtp.server.ArrivingContent.Defect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MailDataReaderTest {
    private static final Path NO_SUCH_DIRECTORY = Path.of("no", "such", "directory");

    /** What came of some octets: content and defect, and what was left over; end is -1 when there was none. */
    private record Outcome(String content, @Nullable Defect defect, int end) {}

    private static Outcome read(String octets, int piece) {
        byte[] all = octets.getBytes(StandardCharsets.ISO_8859_1);
        var buffer = new ContentBuffer(1 << 20, 0, NO_SUCH_DIRECTORY);
        var content = new ArrivingContent(buffer, 1 << 20);
        var reader = new MailDataReader(content);
        int at = 0;
        while (at < all.length && !reader.ended()) {
            int to = Math.min(all.length, at + piece);
            int taken = reader.take(all, at, to);
            assertTrue(reader.ended() || taken == to, "only the end leaves octets over");
            at = taken;
        }
        assertEquals(at, reader.received());
        assertNull(content.diskError());
        String text = content.defect() != null || !reader.ended() ? "" : text(buffer);
        return new Outcome(text, content.defect(), reader.ended() ? at : -1);
    }

    private static String text(ContentBuffer buffer) {
        try (InputStream in = buffer.finish().open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, slow and obvious: whole text at once, one replacement after the other. */
    private static Outcome reference(String octets) {
        String before = "\r\n" + octets;
        int end = before.indexOf("\r\n.\r\n");
        String raw = end < 0 ? octets : before.substring(2, Math.max(2, end + 2));
        Defect defect = null;
        String judged = end < 0 && octets.endsWith("\r") ? octets.substring(0, octets.length() - 1) : raw;
        for (int i = 0; i < judged.length() && defect == null; i++) {
            char c = judged.charAt(i);
            char next = i + 1 < judged.length() ? judged.charAt(i + 1) : 0;
            char last = i > 0 ? judged.charAt(i - 1) : 0;
            if (c == '\r' && next != '\n') {
                defect = Defect.BARE_CR;
            } else if (c == '\n' && last != '\r') {
                defect = Defect.BARE_LF;
            } else if (c == 0) {
                defect = Defect.NUL;
            }
        }
        String content = ("\r\n" + raw).replace("\r\n.", "\r\n").substring(2);
        return new Outcome(defect != null || end < 0 ? "" : content, defect, end < 0 ? -1 : end + 3);
    }

    @Property(tries = 3_000)
    void isTheSameAsTheReference(@ForAll("octets") String octets, @ForAll @IntRange(min = 1, max = 40) int piece) {
        assertEquals(reference(octets), read(octets, piece));
    }

    @Provide
    Arbitrary<String> octets() {
        Arbitrary<String> pieces = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                        12,
                        Arbitraries.of(
                                "\r\n", ".", "\r\n.", "a", "bc. ", "a line of usual length, and then some more")),
                net.jqwik.api.Tuple.of(2, Arbitraries.of("\t", "\r\n.\r\n", "\u00e9", "\u000b", "\u000e", "\u00ff")),
                net.jqwik.api.Tuple.of(1, Arbitraries.of("\r", "\n", "\0")));
        return pieces.list().ofMaxSize(30).map(list -> String.join("", list));
    }

    @Test
    void endsAreFoundAtEverySplit() {
        for (String octets : List.of(
                ".\r\n",
                "a\r\n.\r\nNOOP\r\n",
                "..\r\n.\r\n",
                ".a\r\n.b\r\n\r\n.\r\n",
                "\r\n.\r\n",
                "\r\n\r\n.\r\n.\r\n")) {
            Outcome whole = read(octets, octets.length());
            assertEquals(reference(octets), whole);
            assertTrue(whole.end() > 0, octets);
            for (int piece = 1; piece < octets.length(); piece++) {
                assertEquals(whole, read(octets, piece), octets);
            }
        }
    }

    @Test
    void nothingElseIsAnEnd() {
        for (String octets : List.of(
                "a\n.\n",
                "a\r.\r",
                "a\r\n.\n",
                "a\n.\r\n",
                "a\r\n.\r",
                "a\r\n\0.\r\n",
                "a\r\n.\0\r\n",
                "a\r\n.\r\r\n",
                "a\r.\r\n",
                "a\n.\r",
                "a\r.\n",
                ".\n",
                "\n.\r\n",
                "a.\r\n",
                "a\r\n. \r\n",
                "a\r\n..\r\n",
                "\r\r\n\n.\r\n",
                ".\r")) {
            for (int piece = 1; piece <= octets.length(); piece++) {
                assertEquals(-1, read(octets, piece).end(), octets);
            }
        }
    }

    @Test
    void theFirstDefectIsNamed() {
        assertEquals(Defect.BARE_LF, read("a\nb\rc\0\r\n.\r\n", 5).defect());
        assertEquals(Defect.BARE_CR, read("a\rb\nc\r\n.\r\n", 5).defect());
        assertEquals(Defect.NUL, read("a\0b\nc\r\n.\r\n", 5).defect());
        assertEquals(Defect.BARE_CR, read("a\r\n.\rb\r\n.\r\n", 2).defect());
    }

    @Test
    void contentAboveTheLimitIsNotKept() {
        byte[] octets = "0123456789\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int limit = 10; limit < 14; limit++) {
            var buffer = new ContentBuffer(1 << 20, 0, NO_SUCH_DIRECTORY);
            var content = new ArrivingContent(buffer, limit);
            var reader = new MailDataReader(content);
            reader.take(octets, 0, octets.length);
            assertTrue(reader.ended());
            assertEquals(limit < 12, content.tooLarge());
            assertTrue(buffer.size() <= limit);
        }
    }

    @Test
    void aFullDiskDoesNotHideTheEnd() {
        var buffer = new ContentBuffer(20, 0, NO_SUCH_DIRECTORY);
        var content = new ArrivingContent(buffer, 1 << 20);
        var reader = new MailDataReader(content);
        byte[] octets = ("x".repeat(50) + "\r\n.\r\nNOOP\r\n").getBytes(StandardCharsets.US_ASCII);
        assertEquals(30, reader.take(octets, 0, 30));
        assertFalse(reader.ended());
        assertNotNull(content.diskError());
        assertEquals(octets.length - 6, reader.take(octets, 30, octets.length));
        assertTrue(reader.ended());
    }
}
