package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing after a false end of content is ever taken as a command. */
class SmugglingTest extends ServerTest {
    static final String SECOND =
            "MAIL FROM:<mallory@sender.example>\r\nRCPT TO:<hanako@hakone.example>\r\nDATA\r\nsmuggled\r\n.\r\n";

    @Test
    void falseEndsAreContentAndTheMessageIsRefused() throws Exception {
        var names = List.of("LF", "LF", "CR", "CR", "CR", "NUL", "CR", "LF");
        var ends = List.of("\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n\0.\r\n", "\r\n.\r\r\n", "\r\n.\n");
        for (int i = 0; i < ends.size(); i++) {
            for (int piece : new int[] {1, 2, 3, 7, 1000}) {
                Talk talk = fixture.withRecipient().say("DATA").expect("354 *");
                talk.sendInPieces("first" + ends.get(i) + SECOND, piece);
                talk.expect("554 5.6.0 the message holds " + names.get(i) + "*");
                talk.say("QUIT").expect("221 *").expectEnd();
            }
        }
        assertTrue(fixture.receiver.mails.isEmpty());
        assertEquals(40, fixture.receiver.contentRefused.size());
    }

    @Test
    void stuffedDotsAreContent() throws Exception {
        fixture.withRecipient()
                .say("DATA")
                .expect("354 *")
                .send("a\r\n..\r\n" + SECOND)
                .expect("250 *");
        assertEquals(
                "a\r\n.\r\n" + SECOND.replace("\r\n.\r\n", "\r\n"),
                fixture.receiver.mails.remove().content());
    }

    @Test
    void commandsAfterTheTrueEndAreCommands() throws Exception {
        fixture.withRecipient()
                .say("DATA")
                .expect("354 *")
                .send("a\r\n.\r\n" + SECOND)
                .expect("250 2.0.0 *", "250 2.1.0 *", "250 2.1.5 *", "354 *", "250 2.0.0 *");
        assertEquals(
                List.of("a\r\n", "smuggled\r\n"),
                fixture.receiver.mails.stream()
                        .map(RecordingReceiver.Mail::content)
                        .toList());
    }
}
