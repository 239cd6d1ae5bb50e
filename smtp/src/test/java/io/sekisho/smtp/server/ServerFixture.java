package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.MemoryConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server in memory, and clients that connect to it. */
final class ServerFixture {
    static final String CLIENT = "192.0.2.7";
    static final ServerLimits.Sessions SESSIONS = new ServerLimits.Sessions(50, 50, 20, 20, 100, 2048, 8192);
    static final ServerLimits.Waits WAITS = new ServerLimits.Waits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofMillis(200),
            Duration.ofMillis(1));
    static final ServerLimits.Messages MESSAGES = new ServerLimits.Messages(100_000, 5);
    static final ServerLimits.Memory MEMORY = new ServerLimits.Memory(32 * 1024, 1024 * 1024, 1024, 16 * 1024, 8);
    static final ServerLimits LIMITS = new ServerLimits(SESSIONS, MESSAGES, WAITS, MEMORY);

    final RecordingReceiver receiver = new RecordingReceiver();
    final QueueListener listener = new QueueListener();
    final SmtpServer server;
    /** Nanoseconds by which the server's clock is ahead. */
    final AtomicLong skew = new AtomicLong();

    private final AtomicInteger surprises = new AtomicInteger();

    ServerFixture(ServerLimits limits, Path incoming) {
        this(limits, incoming, new TlsOffer.None());
    }

    ServerFixture(ServerLimits limits, Path incoming, TlsOffer tls) {
        server = new SmtpServer(
                listener,
                receiver,
                limits,
                "mx.hakone.example",
                incoming,
                Thread.ofVirtual().name("smtp-", 0).factory(),
                () -> "S" + surprises.incrementAndGet(),
                () -> System.nanoTime() + skew.get(),
                tls);
        server.start();
    }

    /** A client that has connected; the greeting is not yet read. */
    Talk connect() throws Exception {
        return connect(CLIENT);
    }

    Talk connect(String address) throws Exception {
        return new Talk(connection(address));
    }

    Connection connection(String address) throws Exception {
        var pair = MemoryConnection.pair(InetAddress.ofLiteral(address), 40_000, 64 * 1024, System::nanoTime);
        listener.arrivals.put(pair.server());
        return pair.client();
    }

    /** A client that has said EHLO and read the answer. */
    Talk greeted() throws Exception {
        return connect().expect("220 *").ehlo();
    }

    /** A client whose MAIL and one RCPT were accepted. */
    Talk withRecipient() throws Exception {
        return greeted()
                .say("MAIL FROM:<alice@sender.example>", "RCPT TO:<hanako@hakone.example>")
                .expect("250 2.1.0 *", "250 2.1.5 *");
    }

    /** Waits until something is so, and fails when it does not come to be. */
    static void eventually(BooleanSupplier condition) {
        for (int i = 0; i < 5_000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(1_000_000);
        }
        assertTrue(condition.getAsBoolean(), "it did not come to be within five seconds");
    }

    void stop() throws Exception {
        receiver.contentMayGoOn.countDown();
        server.drain(Duration.ofMillis(1));
    }

    /** A listener without a network. */
    static final class QueueListener implements Listener {
        final BlockingQueue<Connection> arrivals = new ArrayBlockingQueue<>(100);
        final AtomicInteger failures = new AtomicInteger();
        private volatile boolean closed;

        @Override
        public Connection accept() throws IOException {
            if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new IOException("too many open files");
            }
            try {
                Connection arrived = arrivals.take();
                if (closed) {
                    arrived.close();
                    throw new IOException("closed");
                }
                return arrived;
            } catch (InterruptedException e) {
                throw new IOException("closed", e);
            }
        }

        @Override
        public int port() {
            return 25;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
