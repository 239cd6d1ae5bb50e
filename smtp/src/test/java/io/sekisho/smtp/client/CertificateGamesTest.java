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

import io.sekisho.smtp.tls.TestIdentities;
import io.sekisho.smtp.tls.TlsFailure.Kind;
import io.sekisho.smtp.tls.TlsIdentity;
import io.sekisho.smtp.tls.TlsOutcome;
import io.sekisho.smtp.tls.TlsPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose TLS cannot be had: where TLS need not be, mail goes without it, once; where it must be, nothing is said. */
@Timeout(60)
class CertificateGamesTest {
    private static final ScriptedServer.Script PLAIN = wire -> {
        wire.greet("PIPELINING");
        wire.serve(line -> null);
    };
    private static final List<TlsPolicy> STRICT =
            List.of(new TlsPolicy.Required(), new TlsPolicy.Verified(List.of(MX)));

    /** What is done once STARTTLS was granted. */
    private static ScriptedServer.Script then(ScriptedServer.Script handshake) {
        return wire -> {
            wire.greet("STARTTLS");
            wire.expect("STARTTLS");
            wire.raw("220 go on\r\n");
            handshake.talk(wire);
        };
    }

    private static ScriptedServer.Script raw(int... octets) {
        byte[] said = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            said[i] = (byte) octets[i];
        }
        return then(wire -> {
            wire.readSome(50);
            wire.octets(said);
            wire.readSome(1_000_000);
        });
    }

    private static Map<String, ScriptedServer.Script> games() {
        Map<String, ScriptedServer.Script> games = new LinkedHashMap<>();
        TlsIdentity other = TestIdentities.issued(ROOT, "EC", NOW.plus(Duration.ofDays(9)), MX);
        games.put(
                "the key of another certificate",
                then(wire -> wire.startTls(TestIdentities.server(new TlsIdentity(GOOD.chain(), other.key())))));
        games.put("alert: handshake_failure", raw(21, 3, 3, 0, 2, 2, 40));
        games.put("alert: protocol_version", raw(21, 3, 1, 0, 2, 2, 70));
        games.put("alert: unrecognized_name, a warning, then silence cut off", then(wire -> {
            wire.readSome(50);
            wire.octets(new byte[] {21, 3, 3, 0, 2, 1, 112});
        }));
        games.put("a record that is too long", raw(22, 3, 3, 255, 255, 2, 0, 0));
        games.put("application data at once", raw(23, 3, 3, 0, 3, 1, 2, 3));
        games.put("a hello of SSL 3.0", raw(22, 3, 0, 0, 4, 2, 0, 0, 0));
        games.put("an empty certificate", raw(22, 3, 3, 0, 7, 11, 0, 0, 3, 0, 0, 0));
        games.put("plaintext", then(wire -> {
            wire.readSome(50);
            wire.raw("250 ok\r\n250 ok\r\n354 go on\r\n250 2.0.0 taken\r\n");
            wire.readSome(1_000_000);
        }));
        games.put("leaves at once", then(wire -> {}));
        games.put("leaves behind the handshake", then(wire -> wire.startTls(TestIdentities.server(GOOD))));
        games.put("turns us away inside TLS", then(wire -> {
            wire.startTls(TestIdentities.server(GOOD));
            wire.line();
            wire.say("554 5.7.0 not you");
            wire.line();
            wire.say("554 5.7.0 not you");
            wire.readSome(1);
        }));
        return games;
    }

    @Test
    void whereTlsNeedNotBeMailGoesWithoutIt() throws Exception {
        for (var game : games().entrySet()) {
            try (var server = new ScriptedServer(game.getValue(), PLAIN);
                    var client = client(server)) {
                Transmission sent = client.send(server.hop(), new TlsPolicy.Opportunistic(), TO_HANAKO, HELLO);
                assertEquals(List.of("250 2.0.0 taken"), replies(sent), game.getKey());
                assertEquals(
                        Kind.VALIDATION_FAILURE,
                        assertInstanceOf(TlsOutcome.Failed.class, sent.tls())
                                .failure()
                                .kind(),
                        game.getKey());
                assertEquals(2, server.connections(), game.getKey());
                assertEquals(1, server.contents.size(), game.getKey());
            }
        }
    }

    @Test
    void whereItMustBeNothingIsSaid() throws Exception {
        for (var game : games().entrySet()) {
            for (TlsPolicy policy : STRICT) {
                try (var server = new ScriptedServer(game.getValue(), PLAIN);
                        var client = client(server)) {
                    String words = unreachable(client.send(server.hop(), policy, TO_HANAKO, HELLO));
                    assertTrue(words.startsWith("127.0.0.1:"), words);
                    assertTrue(words.chars().noneMatch(c -> c < 32), words);
                    assertEquals(1, server.connections(), game.getKey());
                    assertEquals(List.of(), server.commands("MAIL"), game.getKey());
                }
            }
        }
    }
}
