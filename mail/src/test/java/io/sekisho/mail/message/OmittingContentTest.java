package io.sekisho.mail.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OmittingContentTest {
    private static final String TEXT = "0123456789".repeat(10);

    private static Content whole() {
        byte[] octets = TEXT.getBytes(StandardCharsets.US_ASCII);
        return new MemoryContent(octets, octets.length, false);
    }

    private static String read(Content content, int piece) throws IOException {
        var out = new ByteArrayOutputStream();
        try (InputStream in = content.open()) {
            byte[] buffer = new byte[piece];
            int got = in.read(buffer);
            while (got >= 0) {
                out.write(buffer, 0, got);
                int one = in.read();
                if (one >= 0) {
                    out.write(one);
                }
                got = in.read(buffer);
            }
        }
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Property(tries = 500)
    void onlyTheRangesAreLeftOut(
            @ForAll @Size(max = 8) List<@IntRange(min = 1, max = 12) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 40) int piece)
            throws IOException {
        List<OctetRange> omitted = new ArrayList<>();
        var expected = new StringBuilder();
        int at = 0;
        boolean leaveOut = false;
        for (int length : lengths) {
            if (leaveOut) {
                omitted.add(new OctetRange(at, at + length));
            } else {
                expected.append(TEXT, at, at + length);
            }
            at += length;
            leaveOut = !leaveOut;
        }
        expected.append(TEXT, at, TEXT.length());
        Content rest = new OmittingContent(whole(), omitted);
        assertEquals(expected.toString(), read(rest, piece));
        assertEquals(expected.length(), rest.size());
    }

    @Test
    void rangesAreInOrderAndWithin() {
        for (List<OctetRange> wrong : List.of(
                List.of(new OctetRange(5, 101)),
                List.of(new OctetRange(5, 8), new OctetRange(7, 9)),
                List.of(new OctetRange(5, 8), new OctetRange(1, 2)))) {
            assertThrows(IllegalArgumentException.class, () -> new OmittingContent(whole(), wrong));
        }
        assertThrows(IllegalArgumentException.class, () -> new OctetRange(5, 5));
    }
}
