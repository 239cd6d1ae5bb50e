package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** BDAT (RFC 3030): every size and order, and nothing of a chunk is ever taken as a command. */
class ChunkingTest extends ServerTest {
    private static final String TO_HANAKO = "MAIL FROM:<alice@sender.example>\r\nRCPT TO:<hanako@hakone.example>\r\n";
    private static final String TRAP = "QUIT\r\nRSET\r\n.\r\n";

    private String content() {
        return fixture.receiver.mails.remove().content();
    }

    private void assertNothingLeft() throws Exception {
        ServerFixture.eventually(() -> fixture.server.sessions() == 0);
        try (var files = Files.list(incoming)) {
            assertEquals(List.of(), files.toList());
        }
        assertTrue(fixture.receiver.mails.isEmpty());
    }

    @Test
    void oneChunkIsAMessage() throws Exception {
        Talk talk = fixture.withRecipient();
        talk.send("BDAT " + TRAP.length() + " LAST\r\n" + TRAP).expect("250 2.0.0 stored as id-1");
        assertEquals(TRAP, content());
        talk.say("DATA").expect("503 5.5.1 say MAIL first");
        talk.send(TO_HANAKO + "BDAT 3\r\na\r\nBDAT 5 last\r\nb\r\n.\r").expect("250 *", "250 *");
        talk.expect("250 2.0.0 3 octets received", "554 5.6.0 the message holds CR*");
    }

    @Test
    void severalChunksInOneWriteWithTheNextMessageBehind() throws Exception {
        Talk talk = fixture.greeted();
        talk.send(TO_HANAKO + "BDAT 6\r\none\r\n.BDAT 0\r\nBDAT 2\r\n\r\nBDAT 5 LAST\r\ntwo\r\n" + TO_HANAKO
                + "DATA\r\n..\r\n.\r\nQUIT\r\n");
        talk.expect("250 2.1.0 *", "250 2.1.5 *", "250 2.0.0 6 octets received", "250 2.0.0 0 octets received");
        talk.expect("250 2.0.0 2 octets received", "250 2.0.0 stored as id-1");
        talk.expect("250 2.1.0 *", "250 2.1.5 *", "354 *", "250 2.0.0 stored as id-2", "221 *")
                .expectEnd();
        assertEquals("one\r\n.\r\ntwo\r\n", content());
        assertEquals(".\r\n", content());
    }

    @Test
    void anEmptyLastChunkEndsTheMessage() throws Exception {
        Talk talk = fixture.withRecipient();
        talk.send("BDAT 3\r\na\r\nBDAT 0 LAST\r\n").expect("250 *", "250 2.0.0 stored as id-1");
        assertEquals("a\r\n", content());
        talk.send(TO_HANAKO + "BDAT 0 LAST\r\n").expect("250 *", "250 *", "250 2.0.0 stored as id-1");
        assertEquals("", content());
    }

    @Test
    void aLastLineWithoutItsEndGetsIt() throws Exception {
        fixture.withRecipient().send("BDAT 4\r\na\r\nbBDAT 1 LAST\r\nc").expect("250 *", "250 *");
        assertEquals("a\r\nbc\r\n", content());
    }

    @Test
    void pairsOfCrAndLfMayBeTorn() throws Exception {
        fixture.withRecipient()
                .send("BDAT 2\r\na\rBDAT 1\r\n\nBDAT 1\r\n\rBDAT 1 LAST\r\n\n")
                .expect("250 *", "250 *", "250 *", "250 *");
        assertEquals("a\r\n\r\n", content());
    }

    @Test
    void brokenContentIsRefusedByNameAndTheRestOfItIsRead() throws Exception {
        var names = List.of("LF", "CR", "CR", "LF", "NUL");
        var broken = List.of("a\nb", "a\rb", "\r\r\n", "\n", "a\0b");
        for (int i = 0; i < broken.size(); i++) {
            String chunk = broken.get(i);
            for (int piece : new int[] {1, 3, 1000}) {
                Talk talk = fixture.withRecipient();
                talk.sendInPieces(
                        "BDAT " + chunk.length() + "\r\n" + chunk + "BDAT 5\r\nNOOP\rBDAT 6 LAST\r\nRSET\r\nNOOP\r\n",
                        piece);
                String refusal = "554 5.6.0 the message holds " + names.get(i) + "*";
                talk.expect(refusal, refusal, refusal, "250 2.0.0 ok");
                talk.say("MAIL FROM:<>", "QUIT").expect("250 2.1.0 *", "221 *").expectEnd();
            }
        }
        assertEquals(15, fixture.receiver.contentRefused.size());
        assertNothingLeft();
    }

    @Test
    void aFailedMessageIsForgottenByReset() throws Exception {
        Talk talk = fixture.withRecipient();
        talk.send("BDAT 1\r\n\nMAIL FROM:<>\r\nRCPT TO:<taro@hakone.example>\r\nDATA\r\nRSET\r\n" + TO_HANAKO
                        + "BDAT 3 LAST\r\nx\r\n")
                .expect("554 5.6.0 *", "503 5.5.1 a mail*", "503 5.5.1 the message has begun *")
                .expect("503 5.5.1 the message has begun *", "250 2.0.0 ok", "250 *", "250 *", "250 2.0.0 stored *");
        assertEquals("x\r\n", content());
    }

    @Test
    void resetAndHelloBetweenChunksForgetThem() throws Exception {
        for (String command : List.of("RSET", "EHLO again.example", "HELO again.example")) {
            Talk talk = fixture.withRecipient();
            talk.send("BDAT 50000\r\n" + "x".repeat(50_000)).expect("250 2.0.0 50000 octets received");
            talk.say(command).helloReply();
            talk.send("BDAT 5 LAST\r\nNOOP\r").expect("503 5.5.1 say MAIL first");
            talk.send(TO_HANAKO + "BDAT 3 LAST\r\nx\r\n").expect("250 *", "250 *", "250 *");
            assertEquals("x\r\n", content());
            talk.say("QUIT").expect("221 *").expectEnd();
        }
        assertNothingLeft();
    }

    @Test
    void chunksInEveryWrongStateAreRead() throws Exception {
        Talk talk = fixture.connect().expect("220 *");
        String chunk = "BDAT " + TRAP.length() + " LAST\r\n" + TRAP;
        talk.send(chunk + chunk).expect("503 5.5.1 say MAIL first", "503 5.5.1 say MAIL first");
        talk.ehlo().send(chunk).expect("503 5.5.1 say MAIL first");
        talk.say("MAIL FROM:<>").expect("250 *").send(chunk).expect("554 5.5.1 no valid recipient");
        talk.say("MAIL FROM:<>", "RCPT TO:<unknown@hakone.example>").expect("250 *", "550 *");
        talk.send("BDAT 6\r\nQUIT\r\n" + chunk).expect("554 5.5.1 *", "554 5.5.1 *");
        talk.say("DATA", "NOOP").expect("503 5.5.1 say MAIL first", "250 *");
        assertTrue(fixture.receiver.mails.isEmpty());
        assertTrue(fixture.receiver.contentRefused.isEmpty());
    }

    @Test
    void dataAndChunksDoNotMix() throws Exception {
        Talk talk = fixture.withRecipient();
        talk.send("BDAT 3\r\na\r\nDATA\r\nRCPT TO:<taro@hakone.example>\r\nMAIL FROM:<>\r\nNOOP\r\n")
                .expect("250 *", "503 5.5.1 *", "503 5.5.1 *", "503 5.5.1 *", "250 2.0.0 ok")
                .send("BDAT 3 LAST\r\nb\r\n")
                .expect("250 2.0.0 stored *");
        assertEquals("a\r\nb\r\n", content());
        talk.send(TO_HANAKO + "DATA\r\nBDAT 6 LAST\r\nNOOP\r\n.\r\n").expect("250 *", "250 *", "354 *", "250 *");
        assertEquals("BDAT 6 LAST\r\nNOOP\r\n", content());
    }

    @Test
    void aChunkWithoutASizeEndsTheSession() throws Exception {
        for (String line : List.of("BDAT", "BDAT x LAST", "BDAT -5", "BDAT 5 FIRST", "BDAT 5 LAST 5")) {
            fixture.withRecipient()
                    .say(line, "RSET", "QUIT")
                    .expect("501 5.5.4 say BDAT with a size, and LAST or nothing")
                    .hangUp();
        }
        ServerFixture.eventually(() -> fixture.receiver.ends.size() == 5);
        assertTrue(fixture.receiver.ends.stream().allMatch("BDAT without a size"::equals));
    }

    @Test
    void contentAboveTheLimitIsReadToItsEnd() throws Exception {
        Talk talk = fixture.withRecipient();
        talk.send("BDAT 100000\r\n" + "x".repeat(100_000)).expect("250 *");
        talk.send("BDAT 3\r\nyyyBDAT 2 LAST\r\n\r\n").expect("552 5.3.4 *", "552 5.3.4 *");
        talk.send(TO_HANAKO + "BDAT 150000 LAST\r\n" + "x".repeat(150_000)).expect("250 *", "250 *", "552 5.3.4 *");
        talk.send(TO_HANAKO + "BDAT 100000 LAST\r\n" + "x".repeat(99_998) + "\r\n")
                .expect("250 *", "250 *", "250 *");
        assertEquals(100_000, content().length());
        assertEquals(2, fixture.receiver.contentRefused.size());
        talk.say("QUIT").expect("221 *").expectEnd();
        assertNothingLeft();
    }

    @Test
    void aChunkFarAboveTheLimitEndsTheSession() throws Exception {
        for (String size : List.of("200002", "9223372036854775807", "99999999999999999999")) {
            fixture.withRecipient()
                    .send("BDAT 10\r\n01234567\r\nBDAT " + size + "\r\n")
                    .expect("250 *", "552 5.3.4 *")
                    .hangUp();
            fixture.greeted()
                    .send("BDAT " + size + " LAST\r\n")
                    .expect("552 5.3.4 *")
                    .hangUp();
        }
        ServerFixture.eventually(() -> fixture.receiver.ends.size() == 6);
        assertTrue(fixture.receiver.ends.stream().allMatch("content far above the limit"::equals));
    }

    @Test
    void largeMessagesGoThroughAFile() throws Exception {
        String line = "0123456789".repeat(7) + "\r\n";
        Talk talk = fixture.withRecipient();
        for (int i = 0; i < 10; i++) {
            talk.send("BDAT " + 70 * line.length() + "\r\n" + line.repeat(70)).expect("250 *");
        }
        talk.send("BDAT 0 LAST\r\n").expect("250 2.0.0 stored *");
        RecordingReceiver.Mail mail = fixture.receiver.mails.remove();
        assertTrue(mail.inFile());
        assertEquals(line.repeat(700), mail.content());
        talk.hangUp();
        assertNothingLeft();
    }

    @Test
    void aConnectionLostInsideOrBetweenChunksStoresNothing() throws Exception {
        fixture.withRecipient().send("BDAT 60000\r\n" + "x".repeat(59_999)).hangUp();
        ServerFixture.eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals("ended inside content", fixture.receiver.ends.remove());
        Talk between = fixture.withRecipient();
        between.send("BDAT 60000\r\n" + "x".repeat(60_000)).expect("250 *").hangUp();
        ServerFixture.eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals("ended without QUIT", fixture.receiver.ends.remove());
        assertNothingLeft();
    }

    @Test
    void theReceiverRefusesWhatCameInChunks() throws Exception {
        Talk talk = fixture.greeted();
        talk.send("MAIL FROM:<>\r\nRCPT TO:<refuse@hakone.example>\r\nBDAT 1\r\naBDAT 2 LAST\r\n\r\n")
                .expect("250 *", "250 *", "250 *", "550 5.7.1 spam");
        talk.send("MAIL FROM:<>\r\nRCPT TO:<explode@hakone.example>\r\nBDAT 2 LAST\r\n\r\nNOOP\r\n")
                .expect("250 *", "250 *", "451 4.3.0 local error S1, *", "250 2.0.0 ok");
        assertTrue(fixture.receiver.mails.isEmpty());
    }

    @Test
    void repliesThatAreDueAreNotHeldBackByHalfAChunk() throws Exception {
        fixture.greeted()
                .send(TO_HANAKO + "BDAT 10 LAST\r\nhalf")
                .expect("250 2.1.0 *", "250 2.1.5 *")
                .send(" done\r\n")
                .expect("554 5.6.0 *");
    }

    @Test
    void aFullDiskIsOurFault() throws Exception {
        fixture.stop();
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming.resolve("missing"));
        Talk talk = fixture.withRecipient();
        talk.send("BDAT 60000\r\n" + "x".repeat(60_000) + "BDAT 2 LAST\r\n\r\n").expect("451 4.3.1 *", "451 4.3.1 *");
        talk.send(TO_HANAKO + "BDAT 3 LAST\r\nx\r\n").expect("250 *", "250 *", "250 2.0.0 *");
        assertEquals("x\r\n", content());
    }
}
