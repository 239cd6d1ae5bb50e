package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.RecipientParameters.Notify;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** SMTPUTF8 and DSN in conversation: what is said reaches the receiver, and only where it may be said. */
class Utf8Test extends ServerTest {
    private static final Mailbox HANAKO = new Mailbox("花子", "例え.example");

    private static String octets(String line) {
        return new String((line + "\r\n").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void addressesBeyondAsciiNeedTheParameter() throws Exception {
        Talk talk = fixture.greeted();
        talk.send(octets("MAIL FROM:<花子@例え.example>")).expect("553 5.6.7 *");
        talk.send(octets("MAIL FROM:<花子@例え.example> SMTPUTF8")).expect("250 2.1.0 *");
        talk.send(octets("RCPT TO:<花子@例え.example> ORCPT=utf-8;花子@例え.example")).expect("250 2.1.5 *");
        talk.send(octets("DATA\r\nSubject: こんにちは\r\n\r\n.")).expect("354 *", "250 2.0.0 *");
        RecordingReceiver.Mail mail = fixture.receiver.mails.remove();
        assertEquals(new ReversePath.Of(HANAKO), mail.sender());
        assertTrue(mail.parameters().smtpUtf8());
        assertEquals(List.of(HANAKO), mail.recipients());
        assertEquals("花子@例え.example", mail.recipientParameters().getFirst().originalAddress());
        // the next transaction has not said it
        talk.say("MAIL FROM:<>").expect("250 *");
        talk.send(octets("RCPT TO:<花子@hakone.example>")).expect("553 5.6.7 *");
        talk.send(octets("RCPT TO:<taro@例え.example>")).expect("553 5.6.7 *");
        talk.send(octets("RCPT TO:<taro@hakone.example> ORCPT=utf-8;花子@x.example"))
                .expect("553 5.6.7 *");
        talk.send(octets("RCPT TO:<taro@hakone.example> ORCPT=utf-8;\\x{82B1}@x.example"))
                .expect("250 2.1.5 *");
    }

    @Test
    void octetsThatAreNotUtf8AreNoAddress() throws Exception {
        Talk talk = fixture.greeted();
        for (String bad :
                List.of("\u00e9", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f8\u0088\u0080\u0080\u0080", "\u00ff")) {
            talk.send("MAIL FROM:<" + bad + "@sender.example> SMTPUTF8\r\n").expect("553 5.6.7 *");
        }
        talk.say("MAIL FROM:<> SMTPUTF8").expect("250 *");
    }

    @Test
    void whatIsAskedAboutNoticesReachesTheReceiver() throws Exception {
        fixture.greeted()
                .say(
                        "MAIL FROM:<alice@sender.example> RET=FULL ENVID=QQ+2B1",
                        "RCPT TO:<hanako@hakone.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;h+2Bx@hakone.example",
                        "RCPT TO:<unknown@hakone.example> NOTIFY=NEVER",
                        "RCPT TO:<taro@hakone.example>",
                        "DATA")
                .expect("250 *", "250 *", "550 *", "250 *", "354 *")
                .say(".")
                .expect("250 *");
        RecordingReceiver.Mail mail = fixture.receiver.mails.remove();
        assertEquals(
                new DsnOptions(DsnOptions.Returned.FULL, "QQ+2B1"),
                mail.parameters().dsn());
        assertEquals(
                List.of(
                        new RecipientParameters(Set.of(Notify.SUCCESS, Notify.FAILURE), "rfc822;h+2Bx@hakone.example"),
                        RecipientParameters.NONE),
                mail.recipientParameters());
    }

    @Test
    void parametersOfExtensionsNeedEhlo() throws Exception {
        Talk talk = fixture.connect().expect("220 *").say("HELO old.example").expect("250 *");
        talk.say("MAIL FROM:<> SMTPUTF8", "MAIL FROM:<> RET=HDRS", "MAIL FROM:<> SIZE=5")
                .expect("555 5.5.4 *", "555 5.5.4 *", "250 *");
        talk.say("RCPT TO:<taro@hakone.example> NOTIFY=NEVER", "RCPT TO:<taro@hakone.example>")
                .expect("555 5.5.4 *", "250 *");
    }
}
