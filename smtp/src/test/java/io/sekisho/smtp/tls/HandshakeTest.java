package io.sekisho.smtp.tls;

import static io.sekisho.smtp.tls.TestIdentities.GOOD;
import static io.sekisho.smtp.tls.TestIdentities.MX;
import static io.sekisho.smtp.tls.TestIdentities.NOW;
import static io.sekisho.smtp.tls.TestIdentities.ROOT;
import static io.sekisho.smtp.tls.TestIdentities.client;
import static io.sekisho.smtp.tls.TlsPair.failure;
import static io.sekisho.smtp.tls.TlsPair.later;
import static io.sekisho.smtp.tls.TlsPair.through;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.MemoryConnection;
import io.sekisho.smtp.tls.CertificateJudge.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
@ParameterizedClass
@MethodSource("io.sekisho.smtp.tls.TestIdentities#providers")
class HandshakeTest {
    private static final byte[] HI = "EHLO client.example\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TlsProvider provider;

    HandshakeTest(TlsProvider provider) {
        this.provider = provider;
    }

    private ServerTls server(TlsIdentity... identities) {
        return server(TlsLimits.defaults(), identities);
    }

    private ServerTls server(TlsLimits limits, TlsIdentity... identities) {
        return TestIdentities.server(provider, limits, identities);
    }

    private boolean platform() {
        return provider instanceof TlsProvider.Platform;
    }

    /** A client of another make: it may be told which protocols and suites it knows. */
    private static TlsPair.Side other(SSLContext context, String protocol, String... suites) {
        return below -> engineOver(below, context, protocol, suites);
    }

    private static TlsConnection engineOver(Connection below, SSLContext context, String protocol, String... suites)
            throws IOException {
        SSLEngine engine = context.createSSLEngine(MX, 25);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        if (suites.length > 0) {
            parameters.setCipherSuites(suites);
        }
        engine.setSSLParameters(parameters);
        TlsLimits limits = TlsLimits.defaults();
        return TlsConnection.open(
                below,
                engine,
                () -> {},
                new RecordBuffers(TlsParameters.packet(context), limits),
                limits,
                System::nanoTime);
    }

    private static SSLContext anyCertificate() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {TlsPair.anyCertificate()}, null);
        return context;
    }

    @Test
    void ecdsaComesFirstAndRsaServesThoseWhoKnowNothingElse() throws Exception {
        TlsIdentity rsa = TestIdentities.issued(ROOT, "RSA", NOW.plus(Duration.ofDays(1)), MX);
        ServerTls both = server(rsa, GOOD);
        TlsPair usual = TlsPair.open(client(), both);
        assertEquals(GOOD.chain(), usual.client().peerChain());
        TlsPair twelve = TlsPair.open(other(anyCertificate(), "TLSv1.2"), both::accept);
        assertEquals("TLSv1.2", twelve.server().session().protocol());
        assertEquals(GOOD.chain(), twelve.client().peerChain());
        TlsPair old =
                TlsPair.open(other(anyCertificate(), "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"), both::accept);
        assertEquals(rsa.chain(), old.client().peerChain());
        assertEquals(
                "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                old.server().session().toString());
        assertArrayEquals(HI, through(old.client(), old.server(), HI));
    }

    @Test
    void aSecondConnectionResumesTheSessionOfTheFirst() throws Exception {
        ServerTls server = server(GOOD);
        ClientTls client = client();
        TlsPair first = TlsPair.open(client, server);
        assertArrayEquals(HI, through(first.server(), first.client(), HI), "the ticket comes before");
        first.close();
        TlsPair second = TlsPair.open(client, server);
        int certificates = GOOD.certificate().getEncoded().length;
        assertTrue(first.heard() > certificates, "the first showed a certificate in " + first.heard());
        assertTrue(second.heard() < certificates, "the second did not, in " + second.heard());
        assertEquals(GOOD.chain(), second.client().peerChain(), "it is known all the same");
        assertArrayEquals(HI, through(second.client(), second.server(), HI));
        // and TLS 1.2 has tickets too
        SSLContext twelve = anyCertificate();
        TlsPair third = TlsPair.open(other(twelve, "TLSv1.2"), server::accept);
        third.close();
        TlsPair fourth = TlsPair.open(other(twelve, "TLSv1.2"), server::accept);
        assertTrue(fourth.heard() < third.heard() - certificates, fourth.heard() + " after " + third.heard());
        assertArrayEquals(HI, through(fourth.client(), fourth.server(), HI));
    }

    @Test
    void aResumedSessionIsJudgedByItsOwnPolicy() throws Exception {
        TlsIdentity nobody = TestIdentities.issued(null, "EC", NOW.plus(Duration.ofDays(1)), MX);
        ServerTls server = server(nobody);
        ClientTls client = client();
        TlsPair first = TlsPair.open(client, server);
        assertEquals(new Verdict.Accepted(), client.judge(new TlsPolicy.Opportunistic(), first.client()));
        assertArrayEquals(HI, through(first.server(), first.client(), HI));
        TlsPair second = TlsPair.open(client, server);
        assertTrue(second.heard() < first.heard() - 200, "resumed: " + second.heard());
        Verdict.Rejected rejected =
                (Verdict.Rejected) client.judge(new TlsPolicy.Verified(List.of(MX)), second.client());
        assertEquals(TlsFailure.Kind.CERTIFICATE_NOT_TRUSTED, rejected.failure().kind());
    }

    @Test
    void theServersNameIsAskedForButNoAddress() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        var keys = javax.net.ssl.KeyManagerFactory.getInstance("SunX509");
        var store = java.security.KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("it", GOOD.key(), new char[0], GOOD.chain().toArray(X509Certificate[]::new));
        keys.init(store, new char[0]);
        context.init(keys.getKeyManagers(), null, null);
        for (String host : List.of(MX, "192.0.2.1", "2001:db8::1", "under_score.example")) {
            AtomicReference<List<SNIServerName>> asked = new AtomicReference<>();
            TlsPair.open(below -> client().connect(below, host), below -> {
                SSLEngine engine = context.createSSLEngine();
                engine.setUseClientMode(false);
                TlsLimits limits = TlsLimits.defaults();
                var made = TlsConnection.open(
                        below,
                        engine,
                        () -> {},
                        new RecordBuffers(TlsParameters.packet(context), limits),
                        limits,
                        System::nanoTime);
                asked.set(((ExtendedSSLSession) engine.getSession()).getRequestedServerNames());
                return made;
            });
            assertEquals(host.equals(MX) ? 1 : 0, asked.get().size(), host);
        }
    }

    /** A record with a handshake message of TLS 1.1. @param kind 1 of a client, 2 of a server */
    private static byte[] helloOfElevenOfKind(int kind) {
        var body = ByteBuffer.allocate(200);
        body.put(new byte[] {3, 2}).put(new byte[32]).put((byte) 0);
        if (kind == 1) {
            body.put(new byte[] {0, 4, (byte) 0xc0, 0x13, 0, 0x2f}).put(new byte[] {1, 0});
        } else {
            body.put(new byte[] {(byte) 0xc0, 0x2b}).put((byte) 0);
        }
        int length = body.position();
        var record = ByteBuffer.allocate(9 + length);
        record.put(new byte[] {22, 3, 2}).putShort((short) (4 + length));
        record.put((byte) kind).put((byte) 0).putShort((short) length).put(body.flip());
        return record.array();
    }

    @Test
    void aClientThatSpeaksOnlyTls11IsRefusedInWords() throws Exception {
        MemoryConnection.Pair wire = TlsPair.wire();
        CompletableFuture<TlsConnection> accepted = later(() -> server(GOOD).accept(wire.server()));
        byte[] hello = helloOfElevenOfKind(1);
        wire.client().write(hello, 0, hello.length);
        String words = failure(accepted);
        assertTrue(words.startsWith("the TLS handshake failed: "), words);
        assertTrue(words.contains(platform() ? "TLSv1.1" : ""), words);
        byte[] alert = new byte[7];
        assertEquals(7, wire.client().read(alert, 0, 7));
        assertEquals(21, alert[0], "an alert");
        assertEquals(70, alert[6], "protocol_version");
    }

    @Test
    void aServerThatSpeaksOnlyTls11IsRefusedInWords() throws Exception {
        MemoryConnection.Pair wire = TlsPair.wire();
        CompletableFuture<TlsConnection> connected = later(() -> client().connect(wire.client(), MX));
        assertTrue(wire.server().read(new byte[4096], 0, 4096) > 100, "its hello");
        byte[] hello = helloOfElevenOfKind(2);
        wire.server().write(hello, 0, hello.length);
        String words = failure(connected);
        assertTrue(words.startsWith("the TLS handshake failed: ") && words.contains("version TLS11"), words);
    }

    @Test
    void plaintextIsNoHandshake() throws Exception {
        for (String text : List.of("MAIL FROM:<alice@sender.example>\r\n", "\r\n\r\n\r\n\r\n", "\0\0\0\0\0\0\0\0\0")) {
            MemoryConnection.Pair wire = TlsPair.wire();
            CompletableFuture<TlsConnection> accepted = later(() -> server(GOOD).accept(wire.server()));
            byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
            wire.client().write(octets, 0, octets.length);
            String words = failure(accepted);
            assertTrue(words.startsWith("the TLS handshake failed: "), words);
        }
    }

    @Test
    void aHandshakeIsBoundedHoweverItsOctetsTrickle() throws Exception {
        ServerTls hasty = server(TestIdentities.handshakeWithin(Duration.ofMillis(200)), GOOD);
        MemoryConnection.Pair silent = TlsPair.wire();
        String words = failure(later(() -> hasty.accept(silent.server())));
        assertEquals("the TLS handshake was not done within 0 s", words);

        MemoryConnection.Pair slow = TlsPair.wire();
        CompletableFuture<TlsConnection> accepted = later(() -> hasty.accept(slow.server()));
        byte[] hello = helloOfElevenOfKind(1);
        CompletableFuture<Boolean> trickle = later(() -> {
            for (int i = 0; i < hello.length - 1; i++) {
                slow.client().write(hello, i, 1);
                LockSupport.parkNanos(10_000_000);
            }
            return true;
        });
        assertEquals("the TLS handshake was not done within 0 s", failure(accepted));
        slow.server().close();
        assertThrows(Exception.class, () -> TlsPair.got(trickle), "it was not waited for to the end");
    }

    @Test
    void aPeerThatLeavesInTheHandshakeIsSaidToHaveLeft() throws Exception {
        MemoryConnection.Pair atOnce = TlsPair.wire();
        CompletableFuture<TlsConnection> accepted = later(() -> server(GOOD).accept(atOnce.server()));
        atOnce.client().close();
        assertEquals("the peer closed the connection in the TLS handshake", failure(accepted));

        MemoryConnection.Pair after = TlsPair.wire();
        CompletableFuture<TlsConnection> connected = later(() -> client().connect(after.client(), MX));
        assertTrue(after.server().read(new byte[4096], 0, 4096) > 100);
        after.server().write(new byte[] {22, 3, 3, 0, 100, 2}, 0, 6);
        after.server().close();
        assertEquals("the peer closed the connection in the TLS handshake", failure(connected));
    }

    @Test
    void aNewHandshakeInsideTls12IsRefused() throws Exception {
        SSLContext context = anyCertificate();
        List<SSLEngine> engines = new ArrayList<>();
        TlsPair pair = TlsPair.open(
                below -> {
                    SSLEngine engine = context.createSSLEngine(MX, 25);
                    engine.setUseClientMode(true);
                    SSLParameters parameters = engine.getSSLParameters();
                    parameters.setProtocols(new String[] {"TLSv1.2"});
                    engine.setSSLParameters(parameters);
                    engines.add(engine);
                    TlsLimits limits = TlsLimits.defaults();
                    return TlsConnection.open(
                            below,
                            engine,
                            () -> {},
                            new RecordBuffers(TlsParameters.packet(context), limits),
                            limits,
                            System::nanoTime);
                },
                server(GOOD)::accept);
        assertArrayEquals(HI, through(pair.client(), pair.server(), HI));
        SSLEngine engine = engines.getFirst();
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        while (hello.position() == 0) {
            engine.wrap(ByteBuffer.allocate(0), hello);
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
        pair.below().client().write(hello.array(), 0, hello.position());
        IOException refused =
                assertThrows(IOException.class, () -> pair.server().read(new byte[10], 0, 10));
        assertTrue(refused.toString().contains(platform() ? "new handshake" : ""), refused.toString());
        assertThrows(IOException.class, () -> pair.server().write(HI, 0, HI.length), "nothing more goes out");
        pair.close();
    }

    @Test
    void onlySuitesWithForwardSecrecyAreSpoken() throws Exception {
        String[] suites = TlsParameters.of(SSLContext.getDefault()).getCipherSuites();
        assertTrue(suites.length >= 9, Arrays.toString(suites));
        assertTrue(Arrays.stream(suites).noneMatch(suite -> suite.contains("_CBC_") || suite.contains("TLS_RSA")));
    }

    @Test
    void theNameThatIsAskedForChoosesNothing() throws Exception {
        ServerTls server = server(GOOD);
        for (String host : List.of(MX, "other.example", "localhost", "xn--bcher-kva.example", "a.b.c.d.e.f.example")) {
            TlsPair pair = TlsPair.open(below -> client().connect(below, host), server::accept);
            assertEquals(GOOD.chain(), pair.client().peerChain(), host);
            pair.close();
        }
    }

    @Test
    void aHandshakeIsBoundedInOctetsToo() throws Exception {
        ServerTls frugal = server(TestIdentities.withNoise(2_000, 64), GOOD);
        MemoryConnection.Pair wire = TlsPair.wire();
        CompletableFuture<TlsConnection> accepted = later(() -> frugal.accept(wire.server()));
        // the beginning of a hello of 16,000 octets, in two records
        byte[] much = new byte[2 * (5 + 1_500)];
        System.arraycopy(new byte[] {22, 3, 1, 5, (byte) 0xdc, 1, 0, 0x3e, (byte) 0x80, 3, 3}, 0, much, 0, 11);
        System.arraycopy(new byte[] {22, 3, 1, 5, (byte) 0xdc}, 0, much, 5 + 1_500, 5);
        wire.client().write(much, 0, much.length);
        String words = failure(accepted);
        assertEquals("the TLS handshake failed: the peer sent more than 2000 octets", words);
    }

    @Test
    void anRsaCertificateAloneServesToo() throws Exception {
        TlsIdentity rsa = TestIdentities.issued(ROOT, "RSA", NOW.plus(Duration.ofDays(1)), MX);
        TlsPair alone = TlsPair.open(client(), server(rsa));
        assertEquals(rsa.chain(), alone.client().peerChain());
        assertArrayEquals(HI, through(alone.client(), alone.server(), HI));
        alone.close();
    }
}
