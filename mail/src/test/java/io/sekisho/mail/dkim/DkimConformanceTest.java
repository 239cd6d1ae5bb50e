package io.sekisho.mail.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.mail.dkim.key.TagList;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.HeaderField;
import io.sekisho.mail.message.MemoryContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Signatures that others made, checked with our canonicalizers: the sets in the folder named by SEKISHO_TESTDATA. What a verifier
 * must think of versions, expiry and key records is not asked here.
 */
@Tag("conformance")
class DkimConformanceTest {
    private Path sets;

    @BeforeEach
    void find() {
        String data = System.getenv("SEKISHO_TESTDATA");
        assumeTrue(data != null, "not run: mail-dkim-corpus, dkim-vectors (SEKISHO_TESTDATA is not set)");
        sets = Path.of(data, "dkim");
    }

    /** A message passes when one of its signatures does. Those of drafts before the bh= tag, and DomainKeys, are left out. */
    @Test
    void theCorpusOfMailDkim() throws Exception {
        Path set = sets.resolve("mail-dkim-corpus");
        Map<String, String> dns = records(set.resolve("FAKE_DNS.dat"));
        Map<String, Integer> counts = new HashMap<>();
        for (String line : Files.readAllLines(set.resolve("expected.tsv"))) {
            String[] columns = line.split("\t");
            if (columns[1].equals("pass") || columns[1].equals("fail")) {
                TestVerifier verifier = new TestVerifier(content(set.resolve("corpus/" + columns[0])), dns::get);
                boolean any = false;
                boolean passes = false;
                for (HeaderField signature : verifier.signatures()) {
                    if (TestVerifier.tags(signature).get("bh") != null) {
                        any = true;
                        passes |= verifier.verifies(signature);
                    }
                }
                if (any) {
                    assertEquals(columns[1].equals("pass"), passes, columns[0]);
                    counts.merge(columns[1], 1, Integer::sum);
                }
            }
        }
        assertEquals(Map.of("pass", 14, "fail", 3), counts);
    }

    @Test
    void theVectorsWithTheirRecords() throws Exception {
        int verified = 0;
        try (Stream<Path> files = Files.list(sets.resolve("dkim-vectors/mail-auth"))) {
            for (Path file : files.sorted().toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                int blank = text.indexOf("\n\n");
                Map<String, String> dns =
                        records(List.of(text.substring(0, blank).split("\n")));
                TestVerifier verifier = new TestVerifier(content(text.substring(blank + 2)), dns::get);
                for (HeaderField signature : verifier.signatures()) {
                    TagList tags = TestVerifier.tags(signature);
                    if (dns.containsKey(TestVerifier.recordName(tags))) {
                        verified += verifier.verifies(signature) ? 1 : 0;
                    }
                }
            }
        }
        assertEquals(8, verified);
    }

    private static Map<String, String> records(Path file) throws IOException {
        return records(Files.readAllLines(file));
    }

    private static Map<String, String> records(List<String> lines) {
        Map<String, String> records = new HashMap<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            if (space > 0 && !line.startsWith("#")) {
                records.put(line.substring(0, space), line.substring(space).strip());
            }
        }
        assertFalse(records.isEmpty());
        return records;
    }

    private static Content content(Path file) throws IOException {
        return content(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    private static Content content(String text) {
        byte[] octets = text.replaceAll("\r?\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        return new MemoryContent(octets, octets.length, true);
    }
}
