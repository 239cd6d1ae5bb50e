package io.sekisho.mail.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EncodedTextTest {
    @Property(tries = 500)
    void quotedPrintableComesBackInShortLines(@ForAll("octets") byte[] octets) {
        String encoded = new String(EncodedText.quotedPrintable(octets), StandardCharsets.US_ASCII);
        for (String line : encoded.split("\r\n", -1)) {
            assertTrue(line.length() <= 76 && !line.endsWith(" "), line);
        }
        assertArrayEquals(octets, decode(encoded));
    }

    private static byte[] decode(String encoded) {
        String text = encoded.replace("=\r\n", "");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '=') {
                out.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.write(text.charAt(i));
            }
        }
        return out.toByteArray();
    }

    @Provide
    Arbitrary<byte[]> octets() {
        return Arbitraries.of("\r\n", "\r", "\n", " ", "\t", "=", "a", "word", "関", "\0", "x".repeat(80))
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theFirstEncodedWordLeavesRoomForTheName() {
        String words = EncodedText.words("あ".repeat(40), StandardCharsets.UTF_8, true, 9);
        String[] lines = words.split("\r\n ");
        assertTrue(lines.length > 1 && lines[0].length() <= 75 - 9, words);
        assertEquals(words, words.strip());
    }
}
