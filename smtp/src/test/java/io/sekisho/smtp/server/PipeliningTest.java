package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.MemoryConnection;
import java.net.InetAddress;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class PipeliningTest extends ServerTest {
    private static final String CONVERSATION = "EHLO client.example\r\n"
            + "MAIL FROM:<alice@sender.example> SIZE=20\r\nRCPT TO:<hanako@hakone.example>\r\nRCPT TO:<unknown@hakone.example>\r\n"
            + "DATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\n"
            + "NOOP\rx\r\nBLAH\r\nRSET\r\n"
            + "MAIL FROM:<>\r\nRCPT TO:<\"a b\"@hakone.example>\r\nDATA\r\nbroken\n.\n\r\n.\r\n"
            + "x".repeat(3000) + "\r\n"
            + "MAIL FROM:<> SIZE=100001\r\nVRFY x\r\n\r\nQUIT\r\n";

    @Test
    void theSameConversationInAnyPiecesIsAnsweredTheSame() throws Exception {
        String whole = answers(CONVERSATION.length());
        assertTrue(whole.endsWith("221 2.0.0 bye\r\n"), whole);
        assertEquals(27, whole.lines().count(), whole);
        for (int piece : new int[] {1, 2, 3, 5, 7, 11, 64, 999, 1024, 1025}) {
            assertEquals(whole, answers(piece), "in pieces of " + piece);
        }
        assertEquals(
                11,
                fixture.receiver.mails.stream()
                        .filter(m -> m.content().equals("Subject: x\r\n\r\n.dot\r\n"))
                        .count());
    }

    private String answers(int piece) throws Exception {
        Talk talk = fixture.connect();
        talk.sendInPieces(CONVERSATION, piece);
        return talk.rest().replaceAll("id-[0-9]+", "id");
    }

    @Test
    void repliesToCommandsThatCameTogetherAreWrittenTogether() throws Exception {
        var pair = MemoryConnection.pair(InetAddress.ofLiteral(ServerFixture.CLIENT), 1, 64 * 1024, System::nanoTime);
        var writes = new ArrayList<String>();
        fixture.listener.arrivals.put(new WatchedConnection(pair.server(), writes, false));
        Talk talk = new Talk(pair.client()).expect("220 *");
        talk.say("EHLO x", "MAIL FROM:<>", "RCPT TO:<hanako@hakone.example>", "RCPT TO:<taro@hakone.example>", "DATA")
                .helloReply()
                .expect("250 *", "250 *", "250 *", "354 *");
        talk.say("x", ".", "MAIL FROM:<>", "RCPT TO:<hanako@hakone.example>", "DATA")
                .expect("250 *", "250 *", "250 *", "354 *");
        assertEquals(3, writes.size(), writes::toString);
    }

    @Test
    void repliesThatAreDueAreNotHeldBackByHalfACommand() throws Exception {
        fixture.greeted()
                .send("NOOP\r\nNOO")
                .expect("250 2.0.0 *")
                .send("P\r\n")
                .expect("250 2.0.0 *");
    }
}
