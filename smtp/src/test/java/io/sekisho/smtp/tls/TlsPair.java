package io.sekisho.smtp.tls;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.MemoryConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;

/**
 * Both ends of a TLS connection over memory.
 *
 * @param client the client's end
 * @param server the server's end
 * @param below the wire below; its ends may be used to say what TLS would not
 * @param heard octets that the client had read when its handshake was done
 */
record TlsPair(TlsConnection client, TlsConnection server, MemoryConnection.Pair below, int heard) {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Does one side's handshake. */
    interface Side {
        TlsConnection over(Connection below) throws IOException;
    }

    static MemoryConnection.Pair wire() throws IOException {
        var wire = MemoryConnection.pair(InetAddress.ofLiteral("192.0.2.7"), 40_000, 64 * 1024, System::nanoTime);
        wire.client().readTimeout(PATIENCE);
        wire.server().readTimeout(PATIENCE);
        return wire;
    }

    static TlsPair open(Side client, Side server) throws Exception {
        MemoryConnection.Pair wire = wire();
        CompletableFuture<TlsConnection> accepted = later(() -> server.over(wire.server()));
        var counted = new CountedConnection(wire.client());
        TlsConnection connected = client.over(counted);
        int heard = counted.read;
        TlsConnection other = got(accepted);
        connected.readTimeout(PATIENCE);
        other.readTimeout(PATIENCE);
        return new TlsPair(connected, other, wire, heard);
    }

    static TlsPair open(ClientTls client, ServerTls server) throws Exception {
        return open(below -> client.connect(below, TestIdentities.MX), server::accept);
    }

    /** Something that waits for the other side. */
    interface Waiting<T> {
        T get() throws Exception;
    }

    static <T> CompletableFuture<T> later(Waiting<T> waiting) {
        var result = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(waiting.get());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    static <T> T got(CompletableFuture<T> result) throws Exception {
        return result.get(10, TimeUnit.SECONDS);
    }

    /** What the other side failed with, in its words. */
    static String failure(CompletableFuture<?> result) throws Exception {
        try {
            throw new AssertionError("it did not fail, but gave " + got(result));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                return String.valueOf(failure.getMessage());
            }
            throw e;
        }
    }

    /** Sends one way and reads at the other end. */
    static byte[] through(Connection from, Connection to, byte[] octets) throws Exception {
        CompletableFuture<Boolean> sent = later(() -> {
            from.write(octets, 0, octets.length);
            return true;
        });
        byte[] got = new byte[octets.length];
        int length = 0;
        while (length < got.length) {
            int n = to.read(got, length, Math.min(10_000, got.length - length));
            if (n < 0) {
                throw new AssertionError("ended after " + length);
            }
            length += n;
        }
        got(sent);
        return got;
    }

    /** Trusts whatever it is shown. */
    static X509TrustManager anyCertificate() {
        return new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
    }

    void close() {
        client.close();
        server.close();
    }

    /** Counts what is read. */
    private static final class CountedConnection implements Connection {
        private final Connection below;
        private int read;

        CountedConnection(Connection below) {
            this.below = below;
        }

        @Override
        public InetAddress remoteAddress() {
            return below.remoteAddress();
        }

        @Override
        public int remotePort() {
            return below.remotePort();
        }

        @Override
        public void readTimeout(Duration timeout) throws IOException {
            below.readTimeout(timeout);
        }

        @Override
        public void deadline(Duration fromNow) {
            below.deadline(fromNow);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int got = below.read(into, offset, length);
            read += Math.max(0, got);
            return got;
        }

        @Override
        public boolean readable() throws IOException {
            return below.readable();
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            below.write(from, offset, length);
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
