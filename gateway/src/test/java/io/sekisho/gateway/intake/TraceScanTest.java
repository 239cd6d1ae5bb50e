package io.sekisho.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.intake.TraceScan.Trace;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.mail.message.OmittingContent;
import io.sekisho.mail.message.PrecededContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TraceScanTest {
    private static final int BOUND = 64 * 1024;

    private static MemoryContent memory(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return new MemoryContent(octets, octets.length, false);
    }

    private static Trace scan(Content content) throws IOException {
        return TraceScan.of(content, "mx.Gate.example", BOUND);
    }

    /** What is delivered of a message; the same whether it is read from memory or from a stream. */
    private static String kept(String text) throws IOException {
        Content content = memory(text);
        Trace trace = scan(content);
        assertEquals(trace, scan(new PrecededContent("", content)));
        assertTrue(trace.wholeHeader());
        try (InputStream in = new OmittingContent(content, trace.forged()).open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    @Test
    void fieldsInOurNameAreLeftOutAndNothingElseChanges() throws IOException {
        String forged = lines(
                "Authentication-Results: mx.gate.example; spf=pass",
                "\tsmtp.mailfrom=a.example",
                "X-Sekisho-Verdict: clean");
        String others = lines(
                "Received: from a",
                " by b",
                "Authentication-Results: mx.other.example; spf=pass",
                "Subject: x",
                " X-Sekisho-Verdict: folded");
        String body = "\r\nX-Sekisho-Verdict: in the body\r\n";
        assertEquals(others + body, kept(forged + others + body));
        assertEquals(others + body, kept(others + forged + body));
        assertEquals(others + others + body, kept(others + forged + others + forged + body));
        assertEquals(body, kept(forged + forged + body));
        assertEquals(others, kept(forged + others));
        assertEquals("", kept(forged));
        assertEquals(1, scan(memory(forged + forged + body)).forged().size());
    }

    @Test
    void ourNameIsFoundHoweverItIsWritten() throws IOException {
        for (String value : List.of(
                "mx.gate.example; none",
                "MX.GATE.EXAMPLE;none",
                " mx.gate.example 1; none",
                "\r\n mx.gate.example;\r\n none",
                "(a (nested) \\) comment) mx.gate.example (x); none",
                "\"mx.gate.example\"; none",
                "\"mx.gate\\.example\"; none",
                " mx.gate.example.; none",
                "mx.gate.example(x)",
                "(never closed mx.other.example; none",
                "",
                " ; none")) {
            for (String name :
                    List.of("Authentication-Results", "AUTHENTICATION-RESULTS", "authentication-results \t")) {
                assertEquals("\r\n", kept(name + ":" + value + "\r\n\r\n"), value);
            }
        }
        for (String field : List.of(
                "Authentication-Results: mx.gate.example.org; none\r\n",
                "Authentication-Results: gate.example; none\r\n",
                "Authentication-Results-Old: mx.gate.example; none\r\n",
                "ARC-Authentication-Results: i=1; mx.gate.example; none\r\n",
                "Authentication-Results mx.gate.example\r\n",
                "X-Sekisho: x\r\n",
                "XX-Sekisho-A: x\r\n")) {
            assertEquals(field + "\r\n", kept(field + "\r\n"));
        }
    }

    @Test
    void fieldsBehindALineThatIsNoneAreFound() throws IOException {
        assertEquals(
                "no field\r\nSubject: x\r\n\r\n",
                kept("no field\r\nx-sekisho-a: 1\r\nSubject: x\r\nX-SEKISHO-: 2\r\n\r\n"));
    }

    @Test
    void receivedFieldsAreCounted() throws IOException {
        String text = "Received: a\r\nRECEIVED : b\r\n c\r\nReceived-SPF: d\r\nX: e\r\n\r\nReceived: f\r\n";
        assertEquals(2, scan(memory(text)).received());
        assertEquals(0, scan(memory("")).received());
    }

    @Test
    void aHeaderSectionAboveTheBoundIsKnown() throws IOException {
        String line = "X: " + "y".repeat(1021) + "\r\n";
        String most = line.repeat(63) + "Z: " + "y".repeat(1024 + 64 - 131) + "\r\n";
        for (String end : List.of("", "\r\nbody " + "x".repeat(100_000) + "\r\n")) {
            for (int octets : new int[] {BOUND - 1, BOUND, BOUND + 1, BOUND + 5, 3 * BOUND}) {
                String header = most.repeat(4).substring(0, octets - 2) + "\r\n";
                Content memory = memory(header + end);
                boolean whole = octets <= BOUND;
                assertEquals(whole, scan(memory).wholeHeader(), octets + " and " + end.length());
                assertEquals(scan(memory), scan(new PrecededContent("", memory)), octets + " and " + end.length());
            }
        }
    }

    @Provide
    Arbitrary<String> headers() {
        return Arbitraries.of(
                        "Received: x\r\n",
                        "X-Sekisho-A: b\r\n",
                        "Authentication-Results: ",
                        "mx.gate.example",
                        ";\r\n",
                        "\r\n",
                        " ",
                        "\r\n\t",
                        "(",
                        ")",
                        "\"",
                        "\\",
                        "Subject: x\r\n",
                        "\u00e9")
                .list()
                .ofMaxSize(25)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 1_000)
    void whatIsKeptHoldsNothingForged(@ForAll("headers") String header) throws IOException {
        String kept = kept(header);
        Trace again = scan(memory(kept));
        assertEquals(List.of(), again.forged());
        assertEquals(scan(memory(header)).received(), again.received());
        assertFalse(kept.length() > header.length());
    }
}
