package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.ALICE;
import static io.sekisho.smtp.client.ClientFixture.HANAKO;
import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TARO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.content;
import static io.sekisho.smtp.client.ClientFixture.envelope;
import static io.sekisho.smtp.client.ClientFixture.kept;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.RecipientParameters.Notify;
import io.sekisho.smtp.tls.TlsPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SMTPUTF8, DSN and LIMITS: said to those who offer them; what cannot be said is refused with the reason. */
@Timeout(30)
class ExtensionsTest {
    private static final Mailbox HANAKO_UTF8 = new Mailbox("花子", "例え.example");
    private static final String TAKEN = "250 2.0.0 taken";

    private static ScriptedServer offering(String... capabilities) throws Exception {
        return new ScriptedServer(wire -> {
            wire.greet(capabilities);
            wire.serve(line -> null);
        });
    }

    private static Envelope utf8(Mailbox sender, Mailbox... recipients) {
        return new Envelope(
                new ReversePath.Of(sender),
                List.of(recipients),
                true,
                DsnOptions.NONE,
                Collections.nCopies(recipients.length, RecipientParameters.NONE));
    }

    /** What was heard, octets read as UTF-8. */
    private static List<String> heard(ScriptedServer server, String verb) {
        return server.commands(verb).stream()
                .map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void addressesBeyondAsciiAreSaidWithSmtpUtf8() throws Exception {
        try (var server = offering("PIPELINING", "8BITMIME", "SMTPUTF8");
                var client = client(server)) {
            assertEquals(List.of(TAKEN, TAKEN), replies(client.send(server.hop(), envelope(HANAKO_UTF8, TARO), HELLO)));
            assertEquals(List.of("MAIL FROM:<alice@sender.example> SMTPUTF8"), heard(server, "MAIL"));
            assertEquals(List.of("RCPT TO:<花子@例え.example>", "RCPT TO:<taro@hakone.example>"), heard(server, "RCPT"));
            client.send(server.hop(), envelope(TARO), HELLO);
            assertEquals(
                    "MAIL FROM:<alice@sender.example>", heard(server, "MAIL").getLast());
        }
    }

    @Test
    void withoutItEachSuchRecipientIsRefusedAndTheOthersAreServed() throws Exception {
        try (var server = offering("PIPELINING");
                var client = client(server)) {
            List<String> replies = replies(
                    client.send(server.hop(), envelope(HANAKO_UTF8, TARO, new Mailbox("x", "例え.example")), HELLO));
            assertTrue(replies.getFirst().startsWith("553 5.6.7 "), replies::toString);
            assertEquals(List.of(TAKEN, TAKEN), replies.subList(1, 3));
            assertEquals(
                    List.of("RCPT TO:<taro@hakone.example>", "RCPT TO:<x@xn--r8jz45g.example>"), heard(server, "RCPT"));
            replies = replies(client.send(server.hop(), utf8(HANAKO_UTF8, HANAKO, TARO), HELLO));
            assertTrue(replies.stream().allMatch(reply -> reply.startsWith("553 5.6.7 ")), replies::toString);
            assertEquals(1, heard(server, "MAIL").size());
            client.send(server.hop(), utf8(new Mailbox("x", "例え.example"), TARO), HELLO);
            assertEquals(
                    "MAIL FROM:<x@xn--r8jz45g.example>", heard(server, "MAIL").getLast());
        }
    }

    @Test
    void aHeaderBeyondAsciiNeedsItOnlyWhenTheMessageCameWithIt() throws Exception {
        Content header = content("Subject: こんにちは\r\n\r\nx\r\n");
        Content body = content("Subject: x\r\n\r\nこんにちは\r\n");
        try (var server = offering("8BITMIME");
                var client = client(server)) {
            List<String> replies = replies(client.send(server.hop(), utf8(ALICE, HANAKO, TARO), header));
            assertEquals(
                    2, replies.stream().filter(r -> r.startsWith("550 5.6.9 ")).count(), replies::toString);
            assertEquals(List.of(TAKEN), replies(client.send(server.hop(), utf8(ALICE, TARO), body)));
            assertEquals(List.of(TAKEN), replies(client.send(server.hop(), envelope(TARO), header)));
            assertEquals(
                    List.of(
                            "MAIL FROM:<alice@sender.example> BODY=8BITMIME",
                            "MAIL FROM:<alice@sender.example> BODY=8BITMIME"),
                    heard(server, "MAIL"));
        }
        try (var server = offering("8BITMIME", "SMTPUTF8");
                var client = client(server)) {
            assertEquals(List.of(TAKEN), replies(client.send(server.hop(), utf8(ALICE, TARO), header)));
            assertEquals(List.of("MAIL FROM:<alice@sender.example> BODY=8BITMIME SMTPUTF8"), heard(server, "MAIL"));
        }
    }

    @Test
    void whatIsAskedAboutNoticesIsSaidToThoseWhoOfferDsn() throws Exception {
        var envelope = new Envelope(
                new ReversePath.Of(ALICE),
                List.of(HANAKO, TARO),
                false,
                new DsnOptions(DsnOptions.Returned.HDRS, "Q+20x"),
                List.of(
                        new RecipientParameters(Set.of(Notify.FAILURE, Notify.DELAY), "utf-8;花子@例え.example"),
                        RecipientParameters.NONE));
        try (var server = offering("PIPELINING", "DSN");
                var client = client(server)) {
            client.send(server.hop(), envelope, HELLO);
            assertEquals(List.of("MAIL FROM:<alice@sender.example> RET=HDRS ENVID=Q+20x"), heard(server, "MAIL"));
            assertEquals(
                    List.of(
                            "RCPT TO:<hanako@hakone.example> NOTIFY=FAILURE,DELAY"
                                    + " ORCPT=utf-8;\\x{82B1}\\x{5B50}@\\x{4F8B}\\x{3048}.example",
                            "RCPT TO:<taro@hakone.example>"),
                    heard(server, "RCPT"));
        }
        try (var server = offering("PIPELINING");
                var client = client(server)) {
            client.send(server.hop(), envelope, HELLO);
            assertEquals(List.of("MAIL FROM:<alice@sender.example>"), heard(server, "MAIL"));
            assertEquals(
                    "RCPT TO:<hanako@hakone.example>", heard(server, "RCPT").getFirst());
        }
    }

    private static Mailbox[] recipients(int n, int domains) {
        return IntStream.range(0, n)
                .mapToObj(i -> new Mailbox("r" + i, "d" + i * domains / n + ".example"))
                .toArray(Mailbox[]::new);
    }

    @Test
    void moreRecipientsThanTheServerTakesAreSplitOnOneConnection() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("PIPELINING", "LIMITS RCPTMAX=3");
                    wire.serve(line -> line.contains("<r4@") ? "550 5.1.1 no" : null);
                });
                var client = client(server)) {
            assertEquals(
                    List.of(TAKEN, TAKEN, TAKEN, TAKEN, "550 5.1.1 no", TAKEN, TAKEN),
                    replies(client.send(server.hop(), envelope(recipients(7, 1)), HELLO)));
            assertEquals(1, server.connections());
            assertEquals(3, server.commands("MAIL").size());
            assertEquals(7, server.commands("RCPT").size());
            assertEquals(3, server.contents.size());
        }
        try (var server = offering("PIPELINING", "LIMITS RCPTDOMAINMAX=2 RCPTMAX=4");
                var client = client(server)) {
            assertEquals(
                    6,
                    replies(client.send(server.hop(), envelope(recipients(6, 3)), HELLO))
                            .size());
            assertEquals(2, server.commands("MAIL").size());
        }
    }

    @Test
    void afterAsManyTransactionsAsTheServerTakesAnotherConnectionFollows() throws Exception {
        try (var server = offering("PIPELINING", "LIMITS MAILMAX=2 RCPTMAX=1");
                var client = client(server)) {
            assertEquals(
                    Collections.nCopies(5, TAKEN),
                    replies(client.send(server.hop(), envelope(recipients(5, 1)), HELLO)));
            assertEquals(3, server.connections());
            server.awaitEnded(2);
            assertEquals(2, server.commands("QUIT").size());
        }
    }

    @Test
    void aLaterTransactionThatIsLostTakesNothingBackFromTheFirst() throws Exception {
        try (var server = new ScriptedServer(
                        wire -> {
                            wire.greet("PIPELINING", "LIMITS RCPTMAX=2");
                            wire.serve(line -> line.contains("<r2@") ? ScriptedServer.DROP : null);
                        },
                        wire -> wire.say("554 no more"));
                var client = client(server, kept(ClientLimits.defaults().kept()))) {
            List<String> replies = replies(client.send(server.hop(), envelope(recipients(5, 1)), HELLO));
            assertEquals(List.of(TAKEN, TAKEN), replies.subList(0, 2));
            assertTrue(replies.stream().skip(2).allMatch(r -> r.startsWith("451 4.4.")), replies::toString);
            assertEquals(5, replies.size());
        }
    }

    private static RecipientProbe probe(ScriptedServer server) {
        return new RecipientProbe(
                "gate.example",
                server::connect,
                ClientLimits.defaults(),
                ClientFixture.TLS,
                new TlsPolicy.Opportunistic(),
                System::nanoTime);
    }

    /** Characters whose low octets are CR and LF must not become a command of their own. */
    @Test
    void aProbeSaysAddressesBeyondAsciiOnlyWithSmtpUtf8() throws Exception {
        var trap = new Mailbox("x\u010d\u010aQUIT", "例え.example");
        try (var server = offering("SMTPUTF8")) {
            var probe = probe(server);
            assertEquals("250 2.1.5 recipient ok", probe.ask(server.hop(), trap).toString());
            assertEquals(
                    List.of("MAIL FROM:<> SMTPUTF8", "RCPT TO:<x\u010d\u010aQUIT@例え.example>", "QUIT"),
                    server.heard.subList(1, 4).stream()
                            .map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                            .toList());
        }
        try (var server = offering("PIPELINING")) {
            var probe = probe(server);
            assertTrue(probe.ask(server.hop(), trap).toString().startsWith("553 5.6.7 "));
            assertEquals("250 2.1.5 recipient ok", probe.ask(server.hop(), TARO).toString());
            assertEquals(List.of("MAIL FROM:<>"), server.commands("MAIL"));
        }
    }

    @Test
    void aServerThatCannotDoWhatItsLimitsSayIsBelieved() throws Exception {
        ClientLimits patient = ClientFixture.waits(Duration.ofSeconds(10));
        try (var server = offering("LIMITS RCPTMAX=0 MAILMAX=0");
                var client = client(server, patient)) {
            assertEquals(
                    Collections.nCopies(3, TAKEN),
                    replies(client.send(server.hop(), envelope(recipients(3, 1)), HELLO)));
            assertEquals(1, server.commands("MAIL").size());
        }
    }
}
