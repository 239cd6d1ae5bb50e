package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Whatever comes by BDAT, in pieces of any sizes, is judged and kept as if it had come by DATA. */
class ChunksEqualDataTest {
    private static final Path NO_SUCH_DIRECTORY = Path.of("no", "such", "directory");
    private static final int LIMIT = 120;

    private record Outcome(String content, @Nullable Defect defect, boolean tooLarge) {}

    private static Outcome outcome(ArrivingContent content, ContentBuffer buffer) {
        assertNull(content.diskError());
        if (content.tooLarge() || content.defect() != null) {
            return new Outcome("", content.defect(), content.defect() == null);
        }
        try (InputStream in = buffer.finish().open()) {
            return new Outcome(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1), null, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome byData(String octets) {
        String ended = octets.isEmpty() || octets.endsWith("\r\n") ? octets : octets + "\r\n";
        String stuffed = ("\r\n" + ended).replace("\r\n.", "\r\n..").substring(2) + ".\r\n";
        byte[] all = stuffed.getBytes(StandardCharsets.ISO_8859_1);
        var buffer = new ContentBuffer(1 << 20, 0, NO_SUCH_DIRECTORY);
        var content = new ArrivingContent(buffer, LIMIT);
        assertEquals(all.length, new MailDataReader(content).take(all, 0, all.length));
        return outcome(content, buffer);
    }

    private static Outcome byChunks(String octets, List<Integer> sizes) {
        byte[] all = octets.getBytes(StandardCharsets.ISO_8859_1);
        var buffer = new ContentBuffer(1 << 20, 0, NO_SUCH_DIRECTORY);
        var content = new ArrivingContent(buffer, LIMIT);
        int at = 0;
        for (int turn = 0; at < all.length; turn++) {
            int to = Math.min(all.length, at + sizes.get(turn % sizes.size()));
            content.chunk(all, at, to);
            at = to;
        }
        content.lastChunk();
        return outcome(content, buffer);
    }

    @Property(tries = 3_000)
    void anyPiecesAreTheSame(
            @ForAll("octets") String octets,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 30) Integer> sizes) {
        assertEquals(byData(octets), byChunks(octets, sizes));
    }

    @Provide
    Arbitrary<String> octets() {
        Arbitrary<String> pieces = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                        12, Arbitraries.of("\r\n", ".", "\r\n.", "\r\n.\r\n", "a", "bc. ", "a line of usual length")),
                net.jqwik.api.Tuple.of(2, Arbitraries.of("\t", "\u00e9", "\u000b", "\u000e", "\u00ff")),
                net.jqwik.api.Tuple.of(1, Arbitraries.of("\r", "\n", "\0")));
        return pieces.list().ofMaxSize(20).map(list -> String.join("", list));
    }
}
