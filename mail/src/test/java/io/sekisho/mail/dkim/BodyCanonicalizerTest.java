package io.sekisho.mail.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BodyCanonicalizerTest {
    private static String canonical(Canonicalization canonicalization, String body) {
        return canonical(canonicalization, body, List.of(Integer.MAX_VALUE));
    }

    /** @param pieces sizes of the pieces that the body comes in, over and over */
    private static String canonical(Canonicalization canonicalization, String body, List<Integer> pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BodyCanonicalizer canonicalizer = BodyCanonicalizer.of(canonicalization, out::write);
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        int at = 0;
        for (int i = 0; at < octets.length; i++) {
            int size = Math.min(pieces.get(i % pieces.size()), octets.length - at);
            canonicalizer.update(octets, at, size);
            at += size;
        }
        canonicalizer.finish();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void theExamplesOfRfc6376Section345() {
        String body = " C \r\nD \t E\r\n\r\n\r\n";
        assertEquals(" C\r\nD E\r\n", canonical(Canonicalization.RELAXED, body));
        assertEquals(" C \r\nD \t E\r\n", canonical(Canonicalization.SIMPLE, body));
    }

    @Test
    void bodiesThatAreAlmostNothing() {
        for (String empty : List.of("", "\r\n", "\r\n\r\n")) {
            assertEquals("\r\n", canonical(Canonicalization.SIMPLE, empty));
            assertEquals("", canonical(Canonicalization.RELAXED, empty));
        }
        assertEquals("", canonical(Canonicalization.RELAXED, " \t\r\n \r\n"));
        assertEquals("", canonical(Canonicalization.RELAXED, "  "));
        assertEquals(" \r\n", canonical(Canonicalization.SIMPLE, " "));
    }

    @Test
    void aMissingLastLineEndIsAdded() {
        assertEquals("x\r\n", canonical(Canonicalization.SIMPLE, "x"));
        assertEquals("x\r\n", canonical(Canonicalization.RELAXED, "x \t"));
    }

    @Test
    void aLoneCrOrLfEndsNoLine() {
        assertEquals("a \r b\r\n", canonical(Canonicalization.RELAXED, "a \r b\r\n"));
        assertEquals("a\n\n\r\n", canonical(Canonicalization.RELAXED, "a\n\n"));
        assertEquals("a\r\r\n", canonical(Canonicalization.SIMPLE, "a\r"));
        assertEquals("a\r\r\r\n", canonical(Canonicalization.SIMPLE, "a\r\r\r\n"));
        assertEquals("a\r\r\r\n", canonical(Canonicalization.RELAXED, "a\r\r\r\n"));
    }

    @Test
    void theHashesOfNothing() {
        assertEquals("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=", hash(Canonicalization.SIMPLE, "", BodyHash.ALL));
        assertEquals("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", hash(Canonicalization.RELAXED, "", BodyHash.ALL));
    }

    @Test
    void aLimitCutsAfterCanonicalization() {
        assertEquals(
                hash(Canonicalization.RELAXED, "a b\r\n", BodyHash.ALL),
                hash(Canonicalization.RELAXED, "a  b\r\nmore\r\n", 5));
        assertEquals("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", hash(Canonicalization.SIMPLE, "a\r\n", 0));
    }

    private static String hash(Canonicalization canonicalization, String body, long limit) {
        BodyHash hash = new BodyHash(canonicalization, limit);
        byte[] octets = body.getBytes(StandardCharsets.US_ASCII);
        hash.update(octets, 0, octets.length);
        return Base64.getEncoder().encodeToString(hash.finish());
    }

    @Property(tries = 1500)
    void thePiecesMakeNoDifference(
            @ForAll("bodies") String body,
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 7) Integer> pieces) {
        for (Canonicalization canonicalization : Canonicalization.values()) {
            assertEquals(canonical(canonicalization, body), canonical(canonicalization, body, pieces));
        }
    }

    /** The rule said over, with the whole body in hand. */
    @Property(tries = 1500)
    void asTheRuleSays(@ForAll("bodies") String body) {
        String ended = body.replaceAll("(\r\n)*\\z", "") + "\r\n";
        assertEquals(ended, canonical(Canonicalization.SIMPLE, body));
        String lines = body.replaceAll("[ \t]+(?=\r\n|\\z)", "").replaceAll("[ \t]+", " ");
        String relaxed = lines.replaceAll("(\r\n)*\\z", "");
        assertEquals(relaxed.isEmpty() ? "" : relaxed + "\r\n", canonical(Canonicalization.RELAXED, body));
    }

    @Property(tries = 300)
    void onceIsEnough(@ForAll("bodies") String body) {
        for (Canonicalization canonicalization : Canonicalization.values()) {
            String once = canonical(canonicalization, body);
            assertArrayEquals(
                    once.getBytes(StandardCharsets.ISO_8859_1),
                    canonical(canonicalization, once).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of("\r\n", "\r\n", "\r\n\r\n", "\r", "\n", " ", "\t", "a", "b c", "\u00ff")
                .list()
                .ofMaxSize(25)
                .map(parts -> String.join("", parts));
    }
}
