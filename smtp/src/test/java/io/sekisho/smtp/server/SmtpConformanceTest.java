package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public sets in the folder named by SEKISHO_TESTDATA: sequences of the SMTP smuggling scanner, SMTP scripts of Apache James. */
@Tag("conformance")
class SmtpConformanceTest {
    @TempDir
    Path incoming;

    private ServerFixture fixture;
    private Path sets;

    @BeforeEach
    void start() {
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming);
        String data = System.getenv("SEKISHO_TESTDATA");
        assumeTrue(data != null, "not run: smtp-smuggling-sequences, james-mpt-smtp (SEKISHO_TESTDATA is not set)");
        sets = Path.of(data, "smtp");
    }

    @AfterEach
    void stop() throws Exception {
        fixture.stop();
    }

    @Test
    void noSmugglingSequenceEndsContent() throws Exception {
        List<String> sequences = strings(Files.readString(sets.resolve("smtp-smuggling-sequences/eod-sequences.json")));
        assertEquals(16, sequences.size());
        for (String sequence : sequences) {
            Talk talk = fixture.withRecipient().say("DATA").expect("354 *");
            talk.send("first" + sequence + SmugglingTest.SECOND).expect("554 5.6.0 *");
            talk.say("QUIT").expect("221 *").expectEnd();
            String chunk = "first" + sequence + SmugglingTest.SECOND;
            Talk chunked = fixture.withRecipient();
            chunked.send("BDAT " + chunk.length() + " LAST\r\n" + chunk).expect("554 5.6.0 *");
            chunked.say("QUIT").expect("221 *").expectEnd();
        }
        assertTrue(fixture.receiver.mails.isEmpty());
    }

    /** The strings of the arrays in the file: everything in quotes that is no key. */
    private static List<String> strings(String json) {
        var strings = new ArrayList<String>();
        int at = json.indexOf('"');
        while (at >= 0) {
            int end = json.indexOf('"', at + 1);
            String raw = json.substring(at + 1, end);
            if (json.charAt(end + 1) != ':') {
                strings.add(raw.replace("\\r", "\r").replace("\\n", "\n").replace("\\u0000", "\0"));
            }
            at = json.indexOf('"', end + 1);
        }
        return strings;
    }

    /** The scripts without AUTH and TLS: the whole message goes in with one write, and ends in our custody. */
    @Test
    void scriptsThatSendAMessage() throws Exception {
        for (String name : List.of("helo", "data_with_starttls", "data_starts_with_starttls", "rcpt_with_starttls")) {
            List<String> commands = Files.readAllLines(sets.resolve("james-mpt-smtp/" + name + ".test")).stream()
                    .filter(line -> line.startsWith("C:"))
                    .map(line -> line.substring(Math.min(3, line.length())))
                    .toList();
            Talk talk = fixture.connect().expect("220 *");
            talk.say(commands.toArray(new String[0]));
            talk.helloReply().expect("250 2.1.0 *", "250 2.1.5 *", "354 *", "250 2.0.0 *");
            List<String> content = commands.subList(4, commands.size() - 1);
            assertEquals(
                    String.join("\r\n", content) + "\r\n",
                    fixture.receiver.mails.remove().content());
        }
    }
}
