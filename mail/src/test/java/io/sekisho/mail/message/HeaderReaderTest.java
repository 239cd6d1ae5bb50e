package io.sekisho.mail.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HeaderReaderTest {
    private static HeaderSection read(String text) throws IOException {
        return read(text, HeaderLimits.DEFAULT);
    }

    private static HeaderSection read(String text, HeaderLimits limits) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return new HeaderReader(limits).read(new MemoryContent(octets, octets.length, true));
    }

    private static List<HeaderDefect> defects(String text) throws IOException {
        return read(text).findings().stream().map(HeaderFinding::defect).toList();
    }

    @Test
    void fieldsKeepTheirOctetsAndOrder() throws IOException {
        HeaderSection header = read("B: 1\r\nA:2\r\n  folded\t\r\nb : 3\r\n\r\nbody: no field\r\n");
        assertEquals(
                List.of("B", "A", "b"),
                header.fields().stream().map(HeaderField::name).toList());
        assertEquals("A:2\r\n  folded\t\r\n", new String(header.fields().get(1).raw(), StandardCharsets.US_ASCII));
        assertEquals("2  folded", header.fields().get(1).value());
        assertEquals(
                List.of("1", "3"),
                header.named("b").stream().map(HeaderField::value).toList());
        assertEquals("B: 1\r\nA:2\r\n  folded\t\r\nb : 3\r\n\r\n".length(), header.bodyAt());
        assertTrue(header.complete());
        assertEquals(List.of(new HeaderFinding(HeaderDefect.BLANK_BEFORE_COLON, 2)), header.findings());
    }

    @Test
    void aValueIsReadAsUtf8() throws IOException {
        byte[] octets = "Subject: 関所\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        HeaderSection header =
                new HeaderReader(HeaderLimits.DEFAULT).read(new MemoryContent(octets, octets.length, true));
        assertEquals("関所", header.fields().getFirst().value());
        assertEquals(List.of(), header.findings());
    }

    @Test
    void defectsAreFound() throws IOException {
        assertEquals(List.of(HeaderDefect.NOT_A_FIELD), defects("From alice Thu Jan\r\nA: 1\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.NOT_A_FIELD), defects(" folded first\r\nA: 1\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.NOT_A_FIELD), defects("two words: 1\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.NOT_A_FIELD), defects("\u00e9: 1\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.NOT_A_FIELD), defects(": 1\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.BARE_LF), defects("A: 1\n\n\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.BARE_CR), defects("A: 1\r2\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.NUL), defects("A: \0\r\n\r\n"));
        assertEquals(List.of(HeaderDefect.UNENDED_LINE), defects("A: 1\r\nB: 2"));
        assertEquals(List.of(HeaderDefect.LONG_LINE), defects("A: " + "x".repeat(996) + "\r\n\r\n"));
        assertEquals(List.of(), defects("A: " + "x".repeat(995) + "\r\n\r\n"));
        assertEquals(List.of(), defects(""));
        assertEquals(List.of(), defects("\r\n"));
    }

    @Test
    void withoutAnEmptyLineThereIsNoBody() throws IOException {
        HeaderSection header = read("A: 1\r\n");
        assertEquals(6, header.bodyAt());
        assertTrue(header.complete());
        assertEquals(2, read("\r\nbody").bodyAt());
        assertEquals(List.of(), read("\r\nbody").fields());
    }

    @Test
    void tooManyFieldsAreCutOff() throws IOException {
        HeaderSection header = read("A: 1\r\n".repeat(4) + "\r\n", new HeaderLimits(1000, 3));
        assertEquals(3, header.fields().size());
        assertFalse(header.complete());
        assertEquals(List.of(new HeaderFinding(HeaderDefect.TOO_MANY_FIELDS, 3)), header.findings());
        assertTrue(
                read("A: 1\r\n".repeat(3) + "\r\n", new HeaderLimits(1000, 3)).complete());
    }

    @Test
    void aSectionTooLargeIsCutAtAWholeField() throws IOException {
        HeaderSection header = read("A: 1\r\nB: 2\r\n 3\r\nC: 4\r\n\r\n", new HeaderLimits(14, 100));
        assertFalse(header.complete());
        assertEquals(1, header.fields().size());
        assertEquals(6, header.bodyAt());
        assertEquals(List.of(new HeaderFinding(HeaderDefect.TOO_LARGE, 1)), header.findings());
        assertTrue(read("A: 1\r\nB: 2\r\n\r\n", new HeaderLimits(12, 100)).complete());
        assertFalse(read("A: 1\r\nB: 2\r\n\r\n", new HeaderLimits(11, 100)).complete());
        assertFalse(
                read("A: " + "x".repeat(100_000), new HeaderLimits(20_000, 100)).complete());
    }

    @Property(tries = 1000)
    void nothingIsLostWhateverTheOctets(@ForAll("octets") byte[] octets) throws IOException {
        HeaderSection header =
                new HeaderReader(HeaderLimits.DEFAULT).read(new MemoryContent(octets, octets.length, true));
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        header.fields().forEach(field -> joined.writeBytes(field.raw()));
        int size = joined.size();
        if (size < header.bodyAt()) {
            joined.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertEquals(header.bodyAt(), joined.size());
        joined.write(octets, joined.size(), octets.length - joined.size());
        assertArrayEquals(octets, joined.toByteArray());
        for (HeaderFinding finding : header.findings()) {
            assertTrue(finding.field() < header.fields().size());
        }
    }

    @Property(tries = 500)
    void limitsHold(@ForAll("octets") byte[] octets) throws IOException {
        HeaderLimits limits = new HeaderLimits(9, 2);
        HeaderSection header = new HeaderReader(limits).read(new MemoryContent(octets, octets.length, true));
        int size =
                header.fields().stream().mapToInt(field -> field.raw().length).sum();
        assertTrue(size <= 9 && header.fields().size() <= 2);
        assertArrayEquals(Arrays.copyOf(octets, size), joined(header));
    }

    private static byte[] joined(HeaderSection header) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        header.fields().forEach(field -> joined.writeBytes(field.raw()));
        return joined.toByteArray();
    }

    @Provide
    Arbitrary<byte[]> octets() {
        return Arbitraries.of("\r\n", "\r", "\n", " ", "\t", ":", "a", "A: b", "\r\n\r\n", "\0", "\u00ff")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.ISO_8859_1));
    }
}
