package io.sekisho.smtp.server;

import static io.sekisho.smtp.server.ServerFixture.CLIENT;
import static io.sekisho.smtp.server.ServerFixture.eventually;
import static io.sekisho.smtp.tls.TestIdentities.GOOD;
import static io.sekisho.smtp.tls.TestIdentities.MX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.ServerTls;
import io.sekisho.smtp.tls.TestIdentities;
import io.sekisho.smtp.tls.TlsConnection;
import io.sekisho.smtp.tls.TlsIdentity;
import io.sekisho.smtp.tls.TlsLimits;
import io.sekisho.smtp.tls.TlsProvider;
import io.sekisho.smtp.tls.TlsSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
@ParameterizedClass
@MethodSource("io.sekisho.smtp.tls.TestIdentities#providers")
class StartTlsTest {
    private static final String[] OFFERING = {
        "250-*", "250-*", "250-*", "250-*", "250-*", "250-*", "250-*", "250-*", "250-*", "250 STARTTLS"
    };
    private static final String[] WITHOUT = {
        "250-*", "250-*", "250-*", "250-*", "250-*", "250-*", "250-*", "250-*", "250 ENHANCEDSTATUSCODES"
    };
    private static final ClientTls CLIENT_TLS = TestIdentities.client();

    @TempDir
    Path incoming;

    private final AtomicReference<ServerTls> identity;
    private final TlsProvider provider;
    private ServerFixture fixture;

    StartTlsTest(TlsProvider provider) {
        this.provider = provider;
        this.identity = new AtomicReference<>(TestIdentities.server(provider, TlsLimits.defaults(), GOOD));
    }

    @BeforeEach
    void start() {
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming, new TlsOffer.StartTls(identity::get));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.stop();
    }

    private Talk asked(Connection connection) throws Exception {
        return new Talk(connection)
                .expect("220 *")
                .say("EHLO client.example")
                .expect(OFFERING)
                .say("STARTTLS")
                .expect("220 2.0.0 *");
    }

    private TlsConnection secured(Connection connection) throws Exception {
        asked(connection);
        return CLIENT_TLS.connect(connection, MX);
    }

    private Talk secured() throws Exception {
        return new Talk(secured(fixture.connection(CLIENT)));
    }

    @Test
    void aMessageComesThroughTlsAndSaysSo() throws Exception {
        Talk talk = secured();
        talk.say("EHLO client.example")
                .expect(WITHOUT)
                .say("MAIL FROM:<alice@sender.example>", "RCPT TO:<hanako@hakone.example>", "DATA")
                .expect("250 2.1.0 *", "250 2.1.5 *", "354 *");
        String line = "0123456789".repeat(7) + "\r\n";
        talk.send("Subject: large\r\n\r\n" + line.repeat(1_000) + ".\r\n")
                .expect("250 2.0.0 stored as id-1")
                .say("MAIL FROM:<alice@sender.example>", "RCPT TO:<taro@hakone.example>", "DATA")
                .expect("250 2.1.0 *", "250 2.1.5 *", "354 *")
                .say("Subject: small", "", "Hello.", ".", "QUIT")
                .expect("250 2.0.0 *", "221 2.0.0 *")
                .expectEnd();
        RecordingReceiver.Mail large = fixture.receiver.mails.remove();
        assertEquals("Subject: large\r\n\r\n" + line.repeat(1_000), large.content());
        TlsSession tls = large.hello().tls();
        assertNotNull(tls);
        assertEquals("TLSv1.3 TLS_AES_128_GCM_SHA256", tls.toString());
        eventually(() -> fixture.receiver.ends.contains("quit"));
    }

    @Test
    void withoutTlsTheMessageSaysSo() throws Exception {
        fixture.connect()
                .expect("220 *")
                .say("EHLO client.example")
                .expect(OFFERING)
                .say("MAIL FROM:<alice@sender.example>", "RCPT TO:<hanako@hakone.example>", "DATA")
                .expect("250 2.1.0 *", "250 2.1.5 *", "354 *")
                .say("Hello.", ".")
                .expect("250 2.0.0 *");
        assertNull(fixture.receiver.mails.remove().hello().tls());
    }

    @Test
    void whatWasSaidBeforeIsForgotten() throws Exception {
        secured()
                .say("MAIL FROM:<alice@sender.example>")
                .expect("503 5.5.1 *")
                .say("HELO client.example")
                .expect("250 mx.hakone.example")
                .say("MAIL FROM:<alice@sender.example>")
                .expect("250 2.1.0 *");
    }

    @Test
    void startTlsHasItsPlace() throws Exception {
        fixture.connect()
                .expect("220 *")
                .say("STARTTLS")
                .expect("503 5.5.1 *")
                .say("EHLO client.example")
                .expect(OFFERING)
                .say("STARTTLS now")
                .expect("501 5.5.4 *")
                .say("MAIL FROM:<alice@sender.example>")
                .expect("250 2.1.0 *")
                .say("STARTTLS")
                .expect("503 5.5.1 *")
                .say("RCPT TO:<hanako@hakone.example>")
                .expect("250 2.1.5 *")
                .say("STARTTLS", "RSET")
                .expect("503 5.5.1 *", "250 2.0.0 *")
                .say("STARTTLS")
                .expect("220 2.0.0 *");
        secured()
                .say("STARTTLS", "EHLO client.example", "STARTTLS")
                .expect("503 5.5.1 *")
                .expect(WITHOUT)
                .expect("503 5.5.1 *");
    }

    @Test
    void plaintextBehindStartTlsIsNeverExecuted() throws Exception {
        for (String behind : new String[] {
            "EHLO mallory.example\r\nMAIL FROM:<mallory@sender.example>\r\n",
            "X",
            "\r\n",
            "RSET\r\n",
            "\u0016\u0003\u0001"
        }) {
            fixture.connect()
                    .expect("220 *")
                    .say("EHLO client.example")
                    .expect(OFFERING)
                    .send("STARTTLS\r\n" + behind)
                    .expect("554 5.5.1 *")
                    .expectEnd();
        }
        eventually(() -> fixture.receiver.ends.size() == 5);
        assertTrue(
                fixture.receiver.ends.stream().allMatch("plaintext behind STARTTLS"::equals),
                fixture.receiver.ends.toString());
    }

    @Test
    void plaintextThatComesLaterIsNoHandshake() throws Exception {
        Connection connection = fixture.connection(CLIENT);
        Talk talk = asked(connection);
        talk.say("EHLO mallory.example", "MAIL FROM:<mallory@sender.example>");
        String rest = talk.rest();
        assertTrue(rest.isEmpty() || rest.charAt(0) == 21, "nothing but an alert: " + rest);
        eventually(() -> !fixture.receiver.ends.isEmpty());
        String end = fixture.receiver.ends.remove();
        assertTrue(end.startsWith("no TLS: the TLS handshake failed: "), end);
    }

    @Test
    void aClientThatLeavesInTheHandshakeEndsTheSession() throws Exception {
        asked(fixture.connection(CLIENT)).hangUp();
        eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals("no TLS: the peer closed the connection in the TLS handshake", fixture.receiver.ends.remove());
        eventually(() -> fixture.server.sessions() == 0);
    }

    @Test
    void aSilentClientIsNotWaitedForLong() throws Exception {
        identity.set(TestIdentities.server(provider, TestIdentities.handshakeWithin(Duration.ofMillis(50)), GOOD));
        asked(fixture.connection(CLIENT)).rest();
        eventually(() -> !fixture.receiver.ends.isEmpty());
        assertEquals("no TLS: the TLS handshake was not done within 0 s", fixture.receiver.ends.remove());
    }

    @Test
    void aRenewedCertificateIsShownToTheNextClient() throws Exception {
        assertEquals(GOOD.chain(), secured(fixture.connection(CLIENT)).peerChain());
        TlsIdentity renewed = TestIdentities.issued(null, "EC", TestIdentities.NOW.plus(Duration.ofDays(9)), MX);
        identity.set(TestIdentities.server(provider, TlsLimits.defaults(), renewed));
        assertEquals(renewed.chain(), secured(fixture.connection(CLIENT)).peerChain());
    }

    @Test
    void aStoppingServerSaysSoInsideTls() throws Exception {
        Talk talk = secured();
        talk.say("EHLO client.example").expect(WITHOUT).say("NOOP").expect("250 2.0.0 *");
        fixture.server.drain(Duration.ofSeconds(5));
        talk.expect("421 4.3.2 *").expectEnd();
    }

    @Test
    void implicitTlsComesBeforeTheGreeting() throws Exception {
        var submission = new ServerFixture(ServerFixture.LIMITS, incoming, new TlsOffer.Implicit(identity::get));
        try {
            Connection connection = submission.connection(CLIENT);
            new Talk(CLIENT_TLS.connect(connection, MX))
                    .expect("220 *")
                    .say("EHLO client.example")
                    .expect(WITHOUT)
                    .say("STARTTLS", "QUIT")
                    .expect("503 5.5.1 *", "221 2.0.0 *")
                    .expectEnd();
            Talk plain = submission.connect().say("EHLO client.example");
            String rest = plain.rest();
            assertTrue(rest.isEmpty() || rest.charAt(0) == 21, "nothing but an alert: " + rest);
            eventually(() -> submission.receiver.ends.size() == 2);
            assertTrue(submission.receiver.ends.stream().anyMatch(end -> end.startsWith("no TLS: ")));
        } finally {
            submission.stop();
        }
    }
}
