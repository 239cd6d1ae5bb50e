package io.sekisho.smtp.client;

import static io.sekisho.smtp.client.ClientFixture.HELLO;
import static io.sekisho.smtp.client.ClientFixture.TO_HANAKO;
import static io.sekisho.smtp.client.ClientFixture.client;
import static io.sekisho.smtp.client.ClientFixture.replies;
import static io.sekisho.smtp.client.ClientFixture.unreachable;
import static io.sekisho.smtp.tls.TestIdentities.GOOD;
import static io.sekisho.smtp.tls.TestIdentities.MX;
import static io.sekisho.smtp.tls.TestIdentities.NOW;
import static io.sekisho.smtp.tls.TestIdentities.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.tls.CertificateJudge;
import io.sekisho.smtp.tls.CertificateJudge.Verdict;
import io.sekisho.smtp.tls.ServerTls;
import io.sekisho.smtp.tls.TestIdentities;
import io.sekisho.smtp.tls.TlsFailure;
import io.sekisho.smtp.tls.TlsFailure.Kind;
import io.sekisho.smtp.tls.TlsOutcome;
import io.sekisho.smtp.tls.TlsPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClientStartTlsTest {
    private static final List<String> TAKEN = List.of("250 2.0.0 taken");
    private static final TlsPolicy OPPORTUNISTIC = new TlsPolicy.Opportunistic();
    private static final TlsPolicy REQUIRED = new TlsPolicy.Required();
    private static final TlsPolicy VERIFIED = new TlsPolicy.Verified(List.of(MX));
    private static final ScriptedServer.Script PLAIN = wire -> {
        wire.greet("PIPELINING");
        wire.serve(line -> null);
    };

    private static ScriptedServer.Script tls(ServerTls tls) {
        return wire -> {
            wire.greet("PIPELINING", "STARTTLS", "SIZE 10");
            wire.expect("STARTTLS");
            wire.say("220 2.0.0 go on");
            wire.startTls(tls);
            wire.expect("EHLO gate.example");
            wire.say("250-mx.example", "250 SIZE");
            wire.serve(line -> null);
        };
    }

    private static ScriptedServer.Script tls() {
        return tls(TestIdentities.server(GOOD));
    }

    /** Offers TLS, then says this in place of a handshake, and stays until the client goes. */
    private static ScriptedServer.Script instead(String said) {
        return wire -> {
            wire.greet("STARTTLS");
            wire.expect("STARTTLS");
            wire.raw(said);
            wire.readSome(1_000_000);
        };
    }

    private static Transmission send(SmtpClient client, ScriptedServer server, TlsPolicy policy) {
        return client.send(server.hop(), policy, TO_HANAKO, HELLO);
    }

    private static TlsFailure failure(Transmission transmission) {
        return assertInstanceOf(TlsOutcome.Failed.class, transmission.tls()).failure();
    }

    @Test
    void tlsIsUsedWhereItIsOfferedWithAnyCertificate() throws Exception {
        TlsPolicy[] policies = {OPPORTUNISTIC, REQUIRED};
        ServerTls stranger =
                TestIdentities.server(TestIdentities.issued(null, "EC", NOW.minusSeconds(1), "somebody.example"));
        for (TlsPolicy policy : policies) {
            try (var server = new ScriptedServer(tls(stranger));
                    var client = client(server)) {
                Transmission sent = send(client, server, policy);
                assertEquals(TAKEN, replies(sent));
                var on = assertInstanceOf(TlsOutcome.Protected.class, sent.tls());
                assertEquals("TLSv1.3", on.session().protocol());
                assertTrue(!on.verified());
                assertEquals(List.of("EHLO gate.example", "STARTTLS", "EHLO gate.example"), server.heard.subList(0, 3));
                assertTrue(server.heard.get(3).endsWith(" SIZE=" + HELLO.size()), "the second EHLO counts");
            }
        }
    }

    @Test
    void withoutTheOfferMailGoesOnOrNotAsThePolicySays() throws Exception {
        try (var server = new ScriptedServer(PLAIN);
                var client = client(server)) {
            Transmission sent = send(client, server, OPPORTUNISTIC);
            assertEquals(TAKEN, replies(sent));
            assertEquals(Kind.STARTTLS_NOT_SUPPORTED, failure(sent).kind());
            for (TlsPolicy policy : List.of(REQUIRED, VERIFIED)) {
                Transmission refused = send(client, server, policy);
                assertTrue(unreachable(refused).endsWith(": STARTTLS is not offered"), unreachable(refused));
                assertEquals(Kind.STARTTLS_NOT_SUPPORTED, failure(refused).kind());
            }
            assertEquals(1, server.commands("MAIL").size());
            assertEquals(3, server.connections());
        }
    }

    @Test
    void withPolicyNoneNobodyAsks() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("STARTTLS");
                    wire.serve(line -> null);
                });
                var client = client(server)) {
            Transmission sent = send(client, server, new TlsPolicy.None());
            assertEquals(TAKEN, replies(sent));
            assertEquals(new TlsOutcome.Untried(), sent.tls());
            assertEquals(List.of(), server.commands("STARTTLS"));
        }
    }

    @Test
    void aServerThatCannotNowIsTakenAtItsWord() throws Exception {
        ScriptedServer.Script notNow = wire -> {
            wire.greet("STARTTLS");
            wire.serve(line -> line.equals("STARTTLS") ? "454 4.7.0 not now" : null);
        };
        try (var server = new ScriptedServer(notNow);
                var client = client(server)) {
            Transmission sent = send(client, server, OPPORTUNISTIC);
            assertEquals(TAKEN, replies(sent));
            assertEquals(1, server.connections(), "the same connection serves");
            assertTrue(failure(sent).detail().endsWith("STARTTLS was not granted: 454 4.7.0 not now"));
            assertTrue(unreachable(send(client, server, REQUIRED)).contains("454 4.7.0 not now"));
            assertEquals(1, server.commands("MAIL").size());
        }
    }

    @Test
    void aFailedHandshakeIsFollowedByOneConnectionWithoutTls() throws Exception {
        for (String said : List.of("220 go on\r\n250 ok\r\n", "220 go on\r\n", "421 4.3.2 bye\r\n")) {
            ScriptedServer.Script breaking = wire -> {
                wire.greet("STARTTLS");
                wire.expect("STARTTLS");
                wire.raw(said);
                if (said.equals("220 go on\r\n")) {
                    wire.raw("");
                    wire.readSome(20);
                    wire.raw("what is this\r\n");
                    wire.readSome(1_000_000);
                }
            };
            try (var server = new ScriptedServer(breaking, PLAIN);
                    var client = client(server)) {
                Transmission sent = send(client, server, OPPORTUNISTIC);
                assertEquals(TAKEN, replies(sent));
                assertEquals(2, server.connections());
                assertEquals(Kind.VALIDATION_FAILURE, failure(sent).kind());
            }
            try (var server = new ScriptedServer(breaking, PLAIN);
                    var client = client(server)) {
                Transmission refused = send(client, server, REQUIRED);
                assertEquals(Kind.VALIDATION_FAILURE, failure(refused).kind());
                assertEquals(unreachable(refused), failure(refused).detail());
                assertEquals(1, server.connections(), "no second attempt");
                assertEquals(List.of(), server.commands("MAIL"));
            }
        }
    }

    @Test
    void repliesInPlaintextAreNotTakenForRepliesInTls() throws Exception {
        String injected = "220 go on\r\n250-mx.example\r\n250 SIZE\r\n250 ok\r\n250 ok\r\n354 ok\r\n250 ok\r\n";
        try (var server = new ScriptedServer(instead(injected));
                var client = client(server)) {
            String words = unreachable(send(client, server, REQUIRED));
            assertTrue(words.contains("in plaintext behind its reply to STARTTLS"), words);
            assertEquals(List.of("EHLO gate.example", "STARTTLS"), server.heard);
        }
    }

    @Test
    void aServerThatLeavesOrStaysSilentInTheHandshake() throws Exception {
        try (var server = new ScriptedServer(wire -> {
                    wire.greet("STARTTLS");
                    wire.expect("STARTTLS");
                    wire.say("220 go on");
                    wire.readSome(50);
                });
                var client = client(server)) {
            String words = unreachable(send(client, server, REQUIRED));
            assertTrue(words.contains("TLS handshake") || words.contains("Connection reset"), words);
        }
        var hasty = TestIdentities.client(TestIdentities.handshakeWithin(Duration.ofMillis(100)));
        try (var server = new ScriptedServer(instead("220 go on\r\n"), PLAIN);
                var client = new SmtpClient(
                        "gate.example",
                        server::connect,
                        ClientFixture.waits(Duration.ofSeconds(10)),
                        hasty,
                        System::nanoTime)) {
            Transmission sent = send(client, server, OPPORTUNISTIC);
            assertEquals(TAKEN, replies(sent));
            assertTrue(
                    failure(sent).detail().contains("was not done within"),
                    failure(sent).detail());
        }
    }

    @Test
    void aVerifiedServerGetsMailAndAnotherDoesNot() throws Exception {
        try (var server = new ScriptedServer(tls());
                var client = client(server)) {
            Transmission sent = send(client, server, VERIFIED);
            assertEquals(TAKEN, replies(sent));
            assertTrue(assertInstanceOf(TlsOutcome.Protected.class, sent.tls()).verified());
        }
        var soon = NOW.plus(Duration.ofDays(1));
        rejected(
                TestIdentities.server(TestIdentities.issued(ROOT, "EC", NOW.minusSeconds(1), MX)),
                Kind.CERTIFICATE_EXPIRED);
        rejected(
                TestIdentities.server(TestIdentities.issued(ROOT, "EC", soon, "mx.arai.example")),
                Kind.CERTIFICATE_HOST_MISMATCH);
        rejected(TestIdentities.server(TestIdentities.issued(null, "EC", soon, MX)), Kind.CERTIFICATE_NOT_TRUSTED);
    }

    private static void rejected(ServerTls tls, Kind kind) throws Exception {
        try (var server = new ScriptedServer(tls(tls));
                var client = client(server)) {
            Transmission refused = send(client, server, VERIFIED);
            assertEquals(kind, failure(refused).kind());
            assertTrue(unreachable(refused).startsWith("127.0.0.1:"), unreachable(refused));
            server.awaitEnded(1);
            assertEquals(List.of("EHLO gate.example", "STARTTLS"), server.heard, "nothing was said inside TLS");
            assertEquals(1, server.connections());
        }
    }

    @Test
    void theJudgeOfDaneSeesTheChainAndTheNames() throws Exception {
        var seen = new AtomicReference<List<?>>();
        CertificateJudge accepting = (chain, names) -> {
            seen.set(List.of(chain, names));
            return new Verdict.Accepted();
        };
        TlsFailure no = new TlsFailure(Kind.CERTIFICATE_NOT_TRUSTED, "no TLSA record matches");
        CertificateJudge refusing = (chain, names) -> new Verdict.Rejected(no);
        try (var server = new ScriptedServer(tls());
                var client = client(server)) {
            var names = List.of(MX, "hakone.example");
            Transmission sent = send(client, server, new TlsPolicy.Dane(names, accepting));
            assertEquals(TAKEN, replies(sent));
            assertEquals(List.of(GOOD.chain(), names), seen.get());
            Transmission refused = send(client, server, new TlsPolicy.Dane(names, refusing));
            assertTrue(unreachable(refused).endsWith(": no TLSA record matches"), unreachable(refused));
            assertEquals(2, server.connections(), "the kept connection was not good enough for another judge");
        }
    }

    @Test
    void keptConnectionsAreNeverSharedBetweenPolicies() throws Exception {
        try (var server = new ScriptedServer(tls());
                var client = client(server)) {
            assertEquals(TAKEN, replies(send(client, server, OPPORTUNISTIC)));
            assertEquals(TAKEN, replies(send(client, server, OPPORTUNISTIC)));
            assertEquals(1, server.connections(), "the ticket that came with TLS does not make it look spent");
            assertEquals(TAKEN, replies(send(client, server, VERIFIED)));
            assertEquals(TAKEN, replies(send(client, server, new TlsPolicy.Verified(List.of(MX)))));
            assertEquals(2, server.connections(), "equal policies share");
            assertEquals(TAKEN, replies(send(client, server, REQUIRED)));
            assertEquals(3, server.connections());
        }
    }
}
