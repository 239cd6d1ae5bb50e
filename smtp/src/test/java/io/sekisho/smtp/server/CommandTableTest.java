package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.ServerTls;
import io.sekisho.smtp.tls.TestIdentities;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command in every state: what is answered. */
class CommandTableTest {
    private static final ClientTls CLIENT_TLS = TestIdentities.client();

    private static final List<String> STATES = List.of(
            "connected",
            "HELO",
            "EHLO",
            "MAIL",
            "RCPT",
            "chunk begun",
            "chunk failed",
            "no recipient, chunk failed",
            "after a message",
            "after a refused message",
            "TLS on",
            "EHLO in TLS");

    /**
     * A command, then the code of its reply in each of the states. What ends the session has a bang. The octets of BDAT follow its
     * line.
     */
    private static final List<String> TABLE = List.of(
            "HELO client.example         | 250 250 250 250 250 250 250 250 250 250 250 250",
            "EHLO client.example         | 250 250 250 250 250 250 250 250 250 250 250 250",
            "HELO                        | 501 501 501 501 501 501 501 501 501 501 501 501",
            "EHLO                        | 501 501 501 501 501 501 501 501 501 501 501 501",
            "MAIL FROM:<>                | 503 250 250 503 503 503 503 503 250 250 503 250",
            "MAIL FROM:<> SMTPUTF8       | 503 555 250 503 503 503 503 503 250 250 503 250",
            "MAIL FROM:<> RET=FULL       | 503 555 250 503 503 503 503 503 250 250 503 250",
            "MAIL FROM:<> ENVID=x        | 503 555 250 503 503 503 503 503 250 250 503 250",
            "MAIL FROM:<> SIZE=100001    | 503 552 552 503 503 503 503 503 552 552 503 552",
            "MAIL FROM:<banned@a.example>| 503 550 550 503 503 503 503 503 550 550 503 550",
            "MAIL FROM:<> X=1            | 555 555 555 555 555 555 555 555 555 555 555 555",
            "MAIL                        | 501 501 501 501 501 501 501 501 501 501 501 501",
            "RCPT TO:<taro@hakone.example>| 503 503 503 250 250 503 503 503 503 503 503 503",
            "RCPT TO:<unknown@hakone.example>| 503 503 503 550 550 503 503 503 503 503 503 503",
            "RCPT TO:<taro@hakone.example> NOTIFY=NEVER| 503 503 503 250 250 503 503 503 503 503 503 503",
            "RCPT TO:<\u00e3\u0081\u0082@hakone.example>| 503 503 503 553 553 503 503 503 503 503 503 503",
            "RCPT TO:<>                  | 501 501 501 501 501 501 501 501 501 501 501 501",
            "DATA                        | 503 503 503 554 354 503 503 503 503 503 503 503",
            "DATA x                      | 501 501 501 501 501 501 501 501 501 501 501 501",
            "BDAT 6                      | 503 503 503 554 250 250 554 554 503 503 503 503",
            "BDAT 6 LAST                 | 503 503 503 554 250 250 554 554 503 503 503 503",
            "BDAT                        | 501! 501! 501! 501! 501! 501! 501! 501! 501! 501! 501! 501!",
            "STARTTLS                    | 503 220! 220! 503 503 503 503 503 220! 220! 503 503",
            "STARTTLS x                  | 501 501 501 501 501 501 501 501 501 501 501 501",
            "RSET                        | 250 250 250 250 250 250 250 250 250 250 250 250",
            "RSET x                      | 501 501 501 501 501 501 501 501 501 501 501 501",
            "NOOP                        | 250 250 250 250 250 250 250 250 250 250 250 250",
            "NOOP x                      | 250 250 250 250 250 250 250 250 250 250 250 250",
            "VRFY taro                   | 252 252 252 252 252 252 252 252 252 252 252 252",
            "VRFY                        | 501 501 501 501 501 501 501 501 501 501 501 501",
            "HELP                        | 214 214 214 214 214 214 214 214 214 214 214 214",
            "EXPN staff                  | 502 502 502 502 502 502 502 502 502 502 502 502",
            "AUTH PLAIN                  | 502 502 502 502 502 502 502 502 502 502 502 502",
            "BLAH                        | 500 500 500 500 500 500 500 500 500 500 500 500",
            "PROXY UNKNOWN               | 554! 554! 554! 554! 554! 554! 554! 554! 554! 554! 554! 554!",
            "QUIT                        | 221! 221! 221! 221! 221! 221! 221! 221! 221! 221! 221! 221!");

    @TempDir
    Path incoming;

    private ServerFixture fixture;

    @BeforeEach
    void start() {
        ServerTls side = TestIdentities.server(TestIdentities.GOOD);
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming, new TlsOffer.StartTls(() -> side));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.stop();
    }

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
            case "after a refused message" ->
                fixture.withRecipient().send("DATA\r\nx\ny\r\n.\r\n").expect("354 *", "554 *");
            case "TLS on" -> secured();
            case "EHLO in TLS" -> secured().ehlo();
            default -> throw new IllegalArgumentException(state);
        };
    }

    private Talk secured() throws Exception {
        Connection connection = fixture.connection(ServerFixture.CLIENT);
        new Talk(connection).expect("220 *").ehlo().say("STARTTLS").expect("220 *");
        return new Talk(CLIENT_TLS.connect(connection, TestIdentities.MX));
    }

    private static String command(String row) {
        return row.substring(0, row.indexOf('|')).strip();
    }

    @Test
    void everyCommandInEveryState() throws Exception {
        for (String row : TABLE) {
            String command = command(row);
            String[] codes = row.substring(row.indexOf('|') + 1).strip().split(" ");
            assertEquals(STATES.size(), codes.length, row);
            for (int i = 0; i < codes.length; i++) {
                String state = STATES.get(i);
                String code = codes[i].substring(0, 3);
                Talk talk = in(state);
                talk.send(command + "\r\n" + (command.startsWith("BDAT 6") ? "QUIT\r\n" : ""));
                String reply = talk.line();
                assertTrue(reply.startsWith(code), () -> command + " in " + state + ": " + reply);
                if (code.equals("220")) {
                    talk.hangUp();
                } else if (codes[i].endsWith("!")) {
                    talk.expectEnd();
                } else {
                    goesOn(talk, reply, code.equals("354"));
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

    /** A kind of command that is not in the table would be seen here. */
    @Test
    void noKindOfCommandIsLeftOut() {
        CommandParser parser = new CommandParser("mx.hakone.example");
        Set<Class<?>> tried = new HashSet<>();
        TABLE.forEach(row -> tried.add(parser.parse(command(row)).getClass()));
        assertEquals(Set.of(Command.class.getPermittedSubclasses()), tried);
    }
}
