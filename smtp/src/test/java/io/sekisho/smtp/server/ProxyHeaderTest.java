package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stranger's PROXY header makes nobody of him that he is not, and nothing behind it is a command of his choice. */
class ProxyHeaderTest extends ServerTest {
    private static final String MAIL =
            "EHLO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<hanako@hakone.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n";

    /** The signature, version 2 with PROXY, TCP over IPv4, twelve octets: from 198.51.100.1:4660 to 203.0.113.1:25. */
    private static final String VERSION_2 =
            "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c\u00c63d\u0001\u00cb\0q\u0001\u00124\0\u0019";

    @Test
    void versionOneEndsTheSession() throws Exception {
        for (String header : List.of(
                "PROXY TCP4 198.51.100.1 203.0.113.1 4660 25",
                "PROXY TCP6 2001:db8::1 2001:db8::2 4660 25",
                "PROXY UNKNOWN",
                "proxy tcp4 198.51.100.1 203.0.113.1 4660 25")) {
            fixture.connect()
                    .send(header + "\r\n" + MAIL)
                    .expect("220 *", "554 5.5.1 this is SMTP")
                    .expectEnd();
        }
        fixture.greeted().say("PROXY UNKNOWN").expect("554 5.5.1 *").expectEnd();
        assertTrue(fixture.receiver.mails.isEmpty());
    }

    @Test
    void versionTwoIsBrokenLines() throws Exception {
        for (int piece : new int[] {1, 5, 1000}) {
            Talk talk = fixture.connect();
            talk.sendInPieces(VERSION_2 + "\r\n" + MAIL, piece);
            // the empty lines, the NUL, and "QUIT" with a bare LF behind it
            talk.expect("220 *", "500 5.5.1 *", "500 5.5.1 *", "500 5.5.2 control *", "500 5.5.2 bare *")
                    .helloReply()
                    .expect("250 2.1.0 *", "250 2.1.5 *", "354 *", "250 2.0.0 *", "221 *")
                    .expectEnd();
            assertEquals(
                    ServerFixture.CLIENT,
                    fixture.receiver.mails.remove().hello().peer().address().getHostAddress());
        }
    }

    @Test
    void theRestOfAHeaderWithoutItsLineEndSwallowsTheFirstCommandOnly() throws Exception {
        Talk talk = fixture.connect();
        talk.send((VERSION_2 + "MAIL FROM:<>\r\nNOOP\r\n").getBytes(StandardCharsets.ISO_8859_1));
        talk.expect("220 *", "500 5.5.1 *", "500 5.5.1 *", "500 5.5.2 control *", "500 5.5.2 bare *", "250 2.0.0 ok");
        talk.say("QUIT").expect("221 *").expectEnd();
    }
}
