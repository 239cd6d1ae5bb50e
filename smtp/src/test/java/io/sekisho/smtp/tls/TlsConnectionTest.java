package io.sekisho.smtp.tls;

import static io.sekisho.smtp.tls.TestIdentities.GOOD;
import static io.sekisho.smtp.tls.TestIdentities.client;
import static io.sekisho.smtp.tls.TlsPair.got;
import static io.sekisho.smtp.tls.TlsPair.later;
import static io.sekisho.smtp.tls.TlsPair.through;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
@ParameterizedClass
@MethodSource("io.sekisho.smtp.tls.TestIdentities#providers")
class TlsConnectionTest {
    private final TlsProvider provider;

    TlsConnectionTest(TlsProvider provider) {
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

    private static byte[] octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void octetsArriveAsTheyWereInBothDirections() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        assertEquals("TLSv1.3", pair.client().session().protocol());
        assertEquals(pair.client().session(), pair.server().session());
        for (int length : new int[] {1, 511, 512, 513, 16_383, 16_384, 16_385, 70_000, 3_000_000}) {
            byte[] octets = octets(length);
            assertArrayEquals(octets, through(pair.client(), pair.server(), octets), "to the server: " + length);
            assertArrayEquals(octets, through(pair.server(), pair.client(), octets), "to the client: " + length);
        }
        assertEquals(GOOD.chain(), pair.client().peerChain());
        assertEquals(0, pair.server().peerChain().size());
        pair.close();
    }

    @Test
    void withoutLargeBuffersItGoesOnJustTheSame() throws Exception {
        TlsLimits poor = TestIdentities.withBuffers(0, 1);
        TlsPair pair = TlsPair.open(client(poor), server(poor, GOOD));
        byte[] octets = octets(200_000);
        assertArrayEquals(octets, through(pair.client(), pair.server(), octets));
        pair.close();
    }

    @Test
    void largeBuffersAreGivenBackWhenTheConnectionIsIdle() throws Exception {
        TlsLimits one = TestIdentities.withBuffers(1, 1);
        var wire = TlsPair.wire();
        var buffers = new RecordBuffers(10_000, one);
        var input = new RecordInput(wire.server(), buffers, 512);
        byte[] record = new byte[5 + 8_000];
        record[0] = 23;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (8_000 >> 8);
        record[4] = (byte) 8_000;
        wire.client().write(record, 0, record.length);
        while (input.octets().remaining() < record.length) {
            assertTrue(input.fill());
        }
        assertEquals(record.length, input.recordLength());
        assertEquals(null, buffers.lend(), "the one buffer is in use");
        input.used(record.length);
        CompletableFuture<Boolean> idle = later(input::fill);
        byte[] lent = buffers.lend();
        for (int i = 0; i < 5_000 && lent == null; i++) {
            LockSupport.parkNanos(1_000_000);
            lent = buffers.lend();
        }
        assertEquals(20_000, lent == null ? 0 : lent.length, "given back while it waits");
        wire.client().close();
        assertFalse(got(idle));
    }

    @Test
    void readableMeansDecryptedOctets() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        // the server's ticket for resumption has arrived at the client, and nothing else
        // (the native provider sends it along with the first octets)
        assertEquals(platform(), pair.below().client().readable());
        assertFalse(pair.client().readable());
        assertFalse(pair.below().client().readable(), "the ticket was taken");
        pair.server().write(ascii("250 ok\r\n"), 0, 8);
        assertTrue(pair.client().readable());
        byte[] some = new byte[3];
        assertEquals(3, pair.client().read(some, 0, 3));
        assertFalse(pair.below().client().readable());
        assertTrue(pair.client().readable(), "the rest of the record is still to be read");
        assertEquals(3, pair.client().read(some, 0, 3));
        assertEquals(2, pair.client().read(some, 0, 3));
        assertFalse(pair.client().readable());
        pair.close();
    }

    @Test
    void halfARecordIsNotReadable() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        pair.below().client().write(new byte[] {23, 3, 3, 1}, 0, 4);
        assertFalse(pair.server().readable());
        pair.server().readTimeout(Duration.ofMillis(50));
        assertThrows(SocketTimeoutException.class, () -> pair.server().read(new byte[10], 0, 10));
        pair.close();
    }

    @Test
    void theReadTimeoutHoldsHoweverTheOctetsTrickle() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        var stop = new CountDownLatch(1);
        CompletableFuture<Integer> trickle = later(() -> {
            byte[] record = new byte[4_000];
            System.arraycopy(new byte[] {23, 3, 3, 0x40, 0}, 0, record, 0, 5);
            int sent = 0;
            while (!stop.await(5, TimeUnit.MILLISECONDS)) {
                pair.below().client().write(record, sent++, 1);
            }
            return sent;
        });
        pair.server().readTimeout(Duration.ofMillis(150));
        long began = System.nanoTime();
        assertThrows(SocketTimeoutException.class, () -> pair.server().read(new byte[10], 0, 10));
        stop.countDown();
        assertTrue(System.nanoTime() - began < 5_000_000_000L);
        assertTrue(got(trickle) > 2, "octets came all the time");
        pair.close();
    }

    @Test
    void anEndWithOrWithoutCloseNotifyIsAnEnd() throws Exception {
        TlsPair polite = TlsPair.open(client(), server(GOOD));
        polite.client().write(ascii("QUIT\r\n"), 0, 6);
        polite.client().close();
        byte[] into = new byte[100];
        assertEquals(6, polite.server().read(into, 0, 100));
        assertEquals(-1, polite.server().read(into, 0, 100));
        assertEquals(-1, polite.server().read(into, 0, 100));
        assertThrows(IOException.class, () -> polite.server().write(into, 0, 10));
        polite.server().close();

        TlsPair rude = TlsPair.open(client(), server(GOOD));
        rude.below().client().close();
        assertEquals(-1, rude.server().read(into, 0, 100));
        rude.server().close();
    }

    @Test
    void aChangedRecordEndsTheConnection() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        byte[] forged = new byte[5 + 40];
        System.arraycopy(new byte[] {23, 3, 3, 0, 40}, 0, forged, 0, 5);
        pair.below().client().write(forged, 0, forged.length);
        assertThrows(IOException.class, () -> pair.server().read(new byte[100], 0, 100));
        // the alert tells the other side
        assertThrows(IOException.class, () -> pair.client().read(new byte[100], 0, 100));
        pair.close();
    }

    @Test
    void aRecordThatIsTooLongEndsTheConnection() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        pair.below().client().write(new byte[] {23, 3, 3, (byte) 0xff, (byte) 0xff, 1, 2, 3}, 0, 8);
        assertThrows(IOException.class, () -> pair.server().read(new byte[100], 0, 100));
        pair.close();
    }

    @Test
    void anotherThreadMayWriteWhileOneWaits() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        CompletableFuture<Integer> waiting = later(() -> pair.server().read(new byte[100], 0, 100));
        byte[] octets = octets(100_000);
        assertArrayEquals(octets, through(pair.server(), pair.client(), octets));
        assertFalse(waiting.isDone());
        pair.client().write(ascii("NOOP\r\n"), 0, 6);
        assertEquals(6, got(waiting));
        pair.close();
    }

    @Test
    void theDeadlineOfTheConnectionBelowHolds() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        pair.server().deadline(Duration.ofMillis(50));
        assertThrows(IOException.class, () -> pair.server().write(octets(1_000_000), 0, 1_000_000));
        assertTrue(pair.below().server().closed());
        pair.close();
    }

    @Test
    void recordsWithoutContentAreBounded() throws Exception {
        TlsLimits few = TestIdentities.withNoise(128 * 1024, 5);
        List<SSLEngine> engines = new ArrayList<>();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {TlsPair.anyCertificate()}, null);
        TlsPair pair = TlsPair.open(
                below -> {
                    SSLEngine engine = context.createSSLEngine();
                    engine.setUseClientMode(true);
                    engines.add(engine);
                    return TlsConnection.open(
                            below,
                            engine,
                            () -> {},
                            new RecordBuffers(TlsParameters.packet(context), few),
                            few,
                            System::nanoTime);
                },
                server(few, GOOD)::accept);
        byte[] line = ascii("NOOP\r\n");
        int octets = 0;
        for (int i = 0; i < 12; i++) {
            // a new key, then content: as often as one likes
            engines.getFirst().beginHandshake();
            assertArrayEquals(line, through(pair.client(), pair.server(), line));
        }
        ByteBuffer keys = ByteBuffer.allocate(64 * 1024);
        for (int i = 0; i < 12; i++) {
            engines.getFirst().beginHandshake();
            while (engines.getFirst().getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                octets += engines.getFirst().wrap(ByteBuffer.allocate(0), keys).bytesProduced();
            }
        }
        pair.below().client().write(keys.array(), 0, octets);
        IOException refused =
                assertThrows(IOException.class, () -> pair.server().read(new byte[10], 0, 10));
        assertTrue(refused.toString().contains("records without content"), refused.toString());
        pair.close();
    }

    @Test
    void aClosedConnectionStaysClosed() throws Exception {
        TlsPair pair = TlsPair.open(client(), server(GOOD));
        CompletableFuture<Integer> waiting = later(() -> pair.server().read(new byte[10], 0, 10));
        pair.server().close();
        pair.server().close();
        assertThrows(IOException.class, () -> pair.server().write(ascii("250 ok"), 0, 6));
        try {
            assertEquals(-1, got(waiting));
        } catch (ExecutionException e) {
            assertTrue(e.getCause() instanceof IOException, e.toString());
        }
        assertEquals(-1, pair.client().read(new byte[10], 0, 10));
        pair.close();
    }
}
