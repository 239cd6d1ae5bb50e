package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every command in every state: what is answered. */
class CommandTableTest extends ServerTest {
    private static final List<String> STATES = List.of(
            "connected",
            "HELO",
            "EHLO",
            "MAIL",
            "RCPT",
            "chunk begun",
            "chunk failed",
            "no recipient, chunk failed",
            "after a message");

    /**
     * A command, then the code of its reply in each of the states. 421 is nowhere: no state makes a command end the session. The
     * octets of BDAT follow its line.
     */
    private static final List<String> TABLE = List.of(
            "HELO client.example         | 250 250 250 250 250 250 250 250 250",
            "EHLO client.example         | 250 250 250 250 250 250 250 250 250",
            "HELO                        | 501 501 501 501 501 501 501 501 501",
            "MAIL FROM:<>                | 503 250 250 503 503 503 503 503 250",
            "MAIL FROM:<> SMTPUTF8       | 503 555 250 503 503 503 503 503 250",
            "MAIL FROM:<> RET=FULL       | 503 555 250 503 503 503 503 503 250",
            "MAIL FROM:<> ENVID=x        | 503 555 250 503 503 503 503 503 250",
            "MAIL FROM:<> SIZE=100001    | 503 552 552 503 503 503 503 503 552",
            "MAIL FROM:<banned@a.example>| 503 550 550 503 503 503 503 503 550",
            "MAIL FROM:<> X=1            | 555 555 555 555 555 555 555 555 555",
            "MAIL                        | 501 501 501 501 501 501 501 501 501",
            "RCPT TO:<taro@hakone.example>| 503 503 503 250 250 503 503 503 503",
            "RCPT TO:<unknown@hakone.example>| 503 503 503 550 550 503 503 503 503",
            "RCPT TO:<taro@hakone.example> NOTIFY=NEVER| 503 503 503 250 250 503 503 503 503",
            "RCPT TO:<\u00e3\u0081\u0082@hakone.example>| 503 503 503 553 553 503 503 503 503",
            "RCPT TO:<>                  | 501 501 501 501 501 501 501 501 501",
            "DATA                        | 503 503 503 554 354 503 503 503 503",
            "DATA x                      | 501 501 501 501 501 501 501 501 501",
            "BDAT 6                      | 503 503 503 554 250 250 554 554 503",
            "BDAT 6 LAST                 | 503 503 503 554 250 250 554 554 503",
            "RSET                        | 250 250 250 250 250 250 250 250 250",
            "NOOP                        | 250 250 250 250 250 250 250 250 250",
            "VRFY taro                   | 252 252 252 252 252 252 252 252 252",
            "HELP                        | 214 214 214 214 214 214 214 214 214",
            "EXPN staff                  | 502 502 502 502 502 502 502 502 502",
            "AUTH PLAIN                  | 502 502 502 502 502 502 502 502 502",
            "BLAH                        | 500 500 500 500 500 500 500 500 500",
            "QUIT                        | 221 221 221 221 221 221 221 221 221");

    private Talk in(String state) throws Exception {
        return switch (state) {
            case "connected" -> fixture.connect().expect("220 *");
            case "HELO" -> fixture.connect().expect("220 *").say("HELO x").expect("250 *");
            case "EHLO" -> fixture.greeted();
            case "MAIL" -> fixture.greeted().say("MAIL FROM:<>").expect("250 *");
            case "RCPT" -> fixture.withRecipient();
            case "chunk begun" -> fixture.withRecipient().send("BDAT 2\r\n\r\n").expect("250 *");
            case "chunk failed" -> fixture.withRecipient().send("BDAT 1\r\n\n").expect("554 *");
            case "no recipient, chunk failed" ->
                fixture.greeted().send("MAIL FROM:<>\r\nBDAT 1\r\nx").expect("250 *", "554 *");
            case "after a message" ->
                fixture.withRecipient().send("BDAT 3 LAST\r\nx\r\n").expect("250 *");
            default -> throw new IllegalArgumentException(state);
        };
    }

    @Test
    void everyCommandInEveryState() throws Exception {
        for (String row : TABLE) {
            String command = row.substring(0, row.indexOf('|')).strip();
            String[] codes = row.substring(row.indexOf('|') + 1).strip().split(" ");
            assertEquals(STATES.size(), codes.length, row);
            for (int i = 0; i < codes.length; i++) {
                String state = STATES.get(i);
                Talk talk = in(state);
                talk.send(command + "\r\n" + (command.startsWith("BDAT") ? "QUIT\r\n" : ""));
                String reply = talk.line();
                assertTrue(reply.startsWith(codes[i]), () -> command + " in " + state + ": " + reply);
                if (!codes[i].equals("221")) {
                    goesOn(talk, reply, codes[i].equals("354"));
                }
            }
        }
    }

    /** Whatever was answered, the session is in step. */
    private static void goesOn(Talk talk, String reply, boolean content) {
        String line = reply;
        while (line.charAt(3) == '-') {
            line = talk.line();
        }
        if (content) {
            talk.say(".").expect("250 *");
        }
        talk.say("RSET", "QUIT").expect("250 2.0.0 ok", "221 *").expectEnd();
    }
}
