package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.Reply;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationTest extends ServerTest {
    @Test
    void aMessageGoesThrough() throws Exception {
        fixture.connect()
                .expect("220 mx.hakone.example ESMTP Sekisho")
                .say("EHLO client.example")
                .expect(
                        "250-mx.hakone.example",
                        "250-PIPELINING",
                        "250-SIZE 100000",
                        "250-8BITMIME",
                        "250-SMTPUTF8",
                        "250-CHUNKING",
                        "250-DSN",
                        "250-LIMITS MAILMAX=100 RCPTMAX=5",
                        "250 ENHANCEDSTATUSCODES")
                .say("MAIL FROM:<alice@sender.example> SIZE=100 BODY=8BITMIME")
                .expect("250 2.1.0 *")
                .say("RCPT TO:<Hanako@Hakone.example>")
                .expect("250 2.1.5 *")
                .say("DATA")
                .expect("354 *")
                .say("Subject: hello", "", "..one dot", "...two dots", "last", ".")
                .expect("250 2.0.0 stored as id-1")
                .say("QUIT")
                .expect("221 2.0.0 *")
                .expectEnd();
        RecordingReceiver.Mail mail = fixture.receiver.mails.remove();
        assertEquals("Subject: hello\r\n\r\n.one dot\r\n..two dots\r\nlast\r\n", mail.content());
        assertEquals(new ReversePath.Of(new Mailbox("alice", "sender.example")), mail.sender());
        assertEquals(new MailParameters(100, true), mail.parameters());
        assertEquals(List.of(new Mailbox("Hanako", "hakone.example")), mail.recipients());
        assertEquals("client.example", mail.hello().helo());
        assertEquals(ServerFixture.CLIENT, mail.hello().peer().address().getHostAddress());
        assertTrue(mail.hello().extended());
        ServerFixture.eventually(() -> List.copyOf(fixture.receiver.ends).equals(List.of("quit")));
    }

    @Test
    void heloIsNotExtended() throws Exception {
        fixture.connect()
                .expect("220 *")
                .say("HELO client.example", "MAIL FROM:<>", "RCPT TO:<postmaster>", "DATA")
                .expect("250 mx.hakone.example", "250 2.1.0 *", "250 2.1.5 *", "354 *")
                .say(".")
                .expect("250 2.0.0 *");
        RecordingReceiver.Mail mail = fixture.receiver.mails.remove();
        assertFalse(mail.hello().extended());
        assertEquals(new ReversePath.Null(), mail.sender());
        assertEquals("", mail.content());
        assertEquals(List.of(new Mailbox("postmaster", "mx.hakone.example")), mail.recipients());
    }

    @Test
    void commandsOutOfOrderAre503() throws Exception {
        fixture.connect()
                .expect("220 *")
                .say("MAIL FROM:<alice@sender.example>", "RCPT TO:<hanako@hakone.example>", "DATA")
                .expect("503 5.5.1 *", "503 5.5.1 *", "503 5.5.1 *")
                .ehlo()
                .say("RCPT TO:<hanako@hakone.example>", "DATA", "MAIL FROM:<alice@sender.example>", "DATA")
                .expect("503 5.5.1 *", "503 5.5.1 *", "250 2.1.0 *", "554 5.5.1 *")
                .say("MAIL FROM:<alice@sender.example>")
                .expect("503 5.5.1 *");
    }

    @Test
    void commandsThatChangeNothingWorkInEveryState() throws Exception {
        Talk talk = fixture.connect().expect("220 *");
        String[] commands = {
            "NOOP", "noop anything", "VRFY hanako", "HELP", "HELP MAIL", "EXPN staff", "STARTTLS", "BLAH"
        };
        String[] replies = {
            "250 2.0.0 *",
            "250 2.0.0 *",
            "252 2.5.2 *",
            "214 2.0.0 *",
            "214 2.0.0 *",
            "502 5.5.1 *",
            "502 5.5.1 *",
            "500 5.5.1 *"
        };
        talk.say(commands).expect(replies);
        talk.say("HELO client.example").expect("250 *").say(commands).expect(replies);
        talk.say("MAIL FROM:<alice@sender.example>")
                .expect("250 2.1.0 *")
                .say(commands)
                .expect(replies);
        talk.say("RCPT TO:<hanako@hakone.example>")
                .expect("250 2.1.5 *")
                .say(commands)
                .expect(replies);
        talk.say("DATA", "x", ".").expect("354 *", "250 2.0.0 *");
        assertEquals("x\r\n", fixture.receiver.mails.remove().content());
    }

    @Test
    void rsetAndHelloEndTheTransaction() throws Exception {
        for (String command : List.of("RSET", "HELO again.example")) {
            Talk talk = fixture.withRecipient().say(command).expect("250 *");
            talk.say("RCPT TO:<hanako@hakone.example>").expect("503 5.5.1 *");
            talk.say("DATA").expect("503 5.5.1 *");
            talk.say("MAIL FROM:<>").expect("250 2.1.0 *");
            talk.say("DATA").expect("554 5.5.1 *");
        }
    }

    @Test
    void afterAMessageTheNextMayBegin() throws Exception {
        Talk talk = fixture.withRecipient();
        talk.say("DATA", "one", ".").expect("354 *", "250 2.0.0 stored as id-1");
        talk.say("DATA").expect("503 5.5.1 *");
        talk.say("MAIL FROM:<>", "RCPT TO:<taro@hakone.example>", "DATA", "two", ".")
                .expect("250 2.1.0 *", "250 2.1.5 *", "354 *", "250 2.0.0 stored as id-2");
        assertEquals(
                List.of("one\r\n", "two\r\n"),
                fixture.receiver.mails.stream()
                        .map(RecordingReceiver.Mail::content)
                        .toList());
    }

    @Test
    void theReceiverRefuses() throws Exception {
        Talk talk = fixture.greeted();
        talk.say("MAIL FROM:<banned@sender.example>").expect("550 5.7.1 not from you");
        talk.say("RCPT TO:<hanako@hakone.example>").expect("503 5.5.1 *");
        talk.say(
                        "MAIL FROM:<alice@sender.example>",
                        "RCPT TO:<unknown@hakone.example>",
                        "RCPT TO:<later@hakone.example>",
                        "DATA")
                .expect("250 2.1.0 *", "550 5.1.1 *", "451 4.7.1 *", "554 5.5.1 *");
        talk.say("RCPT TO:<refuse@hakone.example>", "DATA", "x", ".").expect("250 2.1.5 *", "354 *", "550 5.7.1 spam");
        talk.say("NOOP").expect("250 *");
        assertTrue(fixture.receiver.mails.isEmpty());
    }

    @Test
    void theReceiverTurnsAClientAway() throws Exception {
        fixture.receiver.greeting = Reply.of(554, "5.7.1", "not you");
        fixture.connect().expect("554 5.7.1 not you").expectEnd();
    }

    @Test
    void aSurpriseIs451WithAnIdAndNoDetail() throws Exception {
        Talk talk = fixture.greeted();
        talk.say("MAIL FROM:<broken@sender.example>").expect("451 4.3.0 local error S1, try again later");
        talk.say(
                        "MAIL FROM:<alice@sender.example>",
                        "RCPT TO:<broken@hakone.example>",
                        "RCPT TO:<hanako@hakone.example>")
                .expect("250 2.1.0 *", "451 4.3.0 local error S2, try again later", "503 5.5.1 *");
        talk.say("MAIL FROM:<>", "RCPT TO:<explode@hakone.example>", "DATA", "x", ".")
                .expect("250 2.1.0 *", "250 2.1.5 *", "354 *", "451 4.3.0 local error S3, try again later");
        talk.say("MAIL FROM:<>", "RCPT TO:<hanako@hakone.example>", "DATA", "x", ".")
                .expect("250 2.1.0 *", "250 2.1.5 *", "354 *", "250 2.0.0 *");
    }

    @Test
    void aSurpriseAtTheGreetingEndsTheSession() throws Exception {
        fixture.receiver.greeting = new Reply(299, null, List.of("throw"));
        fixture.connect().expect("451 4.3.0 local error S1, try again later").expectEnd();
    }

    @Test
    void otherProtocolsAreTurnedAway() throws Exception {
        fixture.connect()
                .expect("220 *")
                .say("GET / HTTP/1.1", "Host: x", "")
                .expect("554 5.5.1 *")
                .expectEnd();
        fixture.connect()
                .expect("220 *")
                .say("POST /x HTTP/1.1")
                .expect("554 5.5.1 *")
                .expectEnd();
        fixture.connect()
                .expect("220 *")
                .send("\026\003\001\002\000\001")
                .expect("554 5.5.1 *")
                .expectEnd();
        fixture.connect()
                .expect("220 *")
                .say("SSH-2.0-OpenSSH_9.2")
                .expect("554 5.5.1 *")
                .expectEnd();
    }

    @Test
    void barelyEndedLinesAreNoLines() throws Exception {
        Talk talk = fixture.greeted();
        talk.send("NOOP\nNOOP\r\n").expect("500 5.5.2 bare CR or bare LF *");
        talk.send("NOOP\rNOOP\r\n").expect("500 5.5.2 bare CR or bare LF *");
        talk.send("\nNOOP\r\n").expect("500 5.5.2 bare CR or bare LF *");
        talk.send("NOOP\r\r\n").expect("500 5.5.2 bare CR or bare LF *");
        talk.send("NO\0OP\r\n").expect("500 5.5.2 control character *");
        talk.send("NOOP \t\r\n").expect("500 5.5.2 control character *");
        talk.send("NOOP \u00e9\r\n").expect("500 5.5.2 a command is in ASCII");
        talk.send("MAIL FROM:<\u00e9@sender.example>\r\n").expect("553 5.6.7 *");
        talk.send("\r\n").expect("500 5.5.1 *");
        talk.say("NOOP").expect("250 *");
    }

    @Test
    void largeMessagesGoThroughAFile() throws Exception {
        String line = "0123456789".repeat(7) + "\r\n";
        String content = line.repeat(700);
        fixture.withRecipient()
                .say("DATA")
                .expect("354 *")
                .send(content + ".\r\n")
                .expect("250 2.0.0 *");
        RecordingReceiver.Mail mail = fixture.receiver.mails.remove();
        assertTrue(mail.inFile());
        assertEquals(content, mail.content());
        assertNothingLeft();
    }

    @Test
    void aConnectionLostInsideContentStoresNothing() throws Exception {
        Talk talk = fixture.withRecipient().say("DATA").expect("354 *");
        talk.send("x".repeat(60_000) + "\r\n.\r");
        talk.hangUp();
        ServerFixture.eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals("ended inside content", fixture.receiver.ends.remove());
        assertTrue(fixture.receiver.mails.isEmpty());
        assertNothingLeft();
    }

    private void assertNothingLeft() throws Exception {
        try (var files = Files.list(incoming)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
