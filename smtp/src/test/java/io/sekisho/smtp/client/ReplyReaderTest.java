package io.sekisho.smtp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.smtp.RemoteReply;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static ReplyReader reader(byte[] octets, int piece) {
        var connection = new RecordingConnection();
        for (int at = 0; at < octets.length; at += piece) {
            connection.arriving.add(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + piece)));
        }
        return new ReplyReader(connection, ClientLimits.defaults().replies(), () -> 0);
    }

    private static ReplyReader reader(String octets) {
        return reader(octets.getBytes(StandardCharsets.UTF_8), 1 << 16);
    }

    /** Replies up to the failure, and its kind. */
    private static List<String> all(byte[] octets, int piece) {
        ReplyReader reader = reader(octets, piece);
        List<String> all = new ArrayList<>();
        while (true) {
            try {
                RemoteReply reply = reader.next(PATIENCE, null);
                assertTrue(reply.text().length() <= 1000);
                assertTrue(reply.text().chars().noneMatch(c -> c < 32 || c == 127), reply.text());
                all.add(reply.toString());
            } catch (IOException e) {
                all.add(e.getClass().getSimpleName());
                return all;
            }
        }
    }

    @Provide
    Arbitrary<byte[]> streams() {
        Arbitrary<String> lines = Arbitraries.of(
                "250 ok\r\n",
                "250-more\r\n",
                "250 2.1.0 x\n",
                "354\r\n",
                "550-5.1.1 no\r\n",
                "550 \r\n",
                "\r\n",
                "\r",
                "\u0007",
                "421 é日本😀\r\n",
                "250-" + "k".repeat(2044) + "\r\n",
                "z".repeat(2049),
                "99 x\r\n");
        return lines.list().ofMaxSize(40).map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 500)
    void repliesDoNotDependOnHowTheOctetsArrive(
            @ForAll("streams") byte[] octets, @ForAll @IntRange(min = 1, max = 60) int piece) {
        assertEquals(all(octets, 1 << 16), all(octets, piece));
    }

    @Property(tries = 500)
    void noOctetsMakeItFailInAnotherWay(@ForAll byte[] octets) {
        String end = all(octets, 7).getLast();
        assertTrue(end.equals("ProtocolException") || end.equals("EOFException"), end);
    }

    @Test
    void linesAreJoinedAndGivenOneByOne() throws IOException {
        List<String> lines = new ArrayList<>();
        RemoteReply reply = reader("250-mx.example\r\n250-SIZE 10\r\n250\r\n").next(PATIENCE, lines);
        assertEquals(new RemoteReply(250, null, "mx.example SIZE 10"), reply);
        assertEquals(List.of("mx.example", "SIZE 10", ""), lines);
    }

    @Test
    void enhancedStatusIsRead() throws IOException {
        assertEquals(
                new RemoteReply(450, new EnhancedStatus(4, 2, 1), "4.2.1 wait"),
                reader("450 4.2.1 wait\r\n").next(PATIENCE, null));
    }

    @Test
    void boundsAreExact() throws IOException {
        String longest = "250 " + "x".repeat(2044) + "\r\n";
        assertEquals(250, reader(longest).next(PATIENCE, null).code());
        assertThrows(ProtocolException.class, () -> reader("2" + longest).next(PATIENCE, null));
        assertEquals(
                250,
                reader("250-a\r\n".repeat(99) + "250 a\r\n")
                        .next(PATIENCE, null)
                        .code());
        assertThrows(
                ProtocolException.class,
                () -> reader("250-a\r\n".repeat(100) + "250 a\r\n").next(PATIENCE, null));
        assertThrows(EOFException.class, () -> reader("").next(PATIENCE, null));
    }

    @Test
    void cutTextDoesNotSplitACharacter() throws IOException {
        String text = reader("250 " + "a".repeat(999) + "😀".repeat(10) + "\r\n")
                .next(PATIENCE, null)
                .text();
        assertEquals("a".repeat(999), text);
    }

    @Test
    void capabilitiesAreReadInAnyCase() {
        var limits = new Capabilities.Limits(20, 100, 2);
        assertEquals(
                new Capabilities(true, true, 1000, true, true, true, true, true, limits),
                Capabilities.of(List.of(
                        "SIZE 5 is my name",
                        "pipelining",
                        "Size 1000",
                        "8bitMIME",
                        "STARTTLS",
                        "Chunking",
                        "SmtpUtf8",
                        "dsn",
                        "limits mailmax=20 X=7 rcptmax=100 RCPTDOMAINMAX=2")));
        for (String odd : List.of("SIZE", "SIZE 0", "SIZE x", "SIZE 99999999999999999999")) {
            Capabilities read = Capabilities.of(List.of("mx", odd));
            assertTrue(read.size(), odd);
            assertEquals(0, read.sizeLimit(), odd);
        }
        for (String odd :
                List.of("LIMITS", "LIMITS RCPTMAX", "LIMITS =5 RCPTMAX= MAILMAX=x", "LIMITS RCPTMAX=1000000")) {
            assertEquals(Capabilities.NONE, Capabilities.of(List.of("mx", odd)), odd);
        }
        assertEquals(Capabilities.NONE, Capabilities.of(List.of("mx", "SIZEABLE", "")));
    }
}
