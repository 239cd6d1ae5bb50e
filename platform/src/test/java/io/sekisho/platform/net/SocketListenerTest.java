package io.sekisho.platform.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SocketListenerTest {
    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final Watchdog watchdog = new Watchdog(System::nanoTime, Duration.ofHours(1));

    @AfterEach
    void close() {
        watchdog.close();
    }

    @Test
    void portInUseIsNamed() throws IOException {
        try (var first = SocketListener.open(loopback, 0, watchdog)) {
            var e = assertThrows(BindException.class, () -> SocketListener.open(loopback, first.port(), watchdog));
            assertEquals(
                    "cannot listen on 127.0.0.1:" + first.port()
                            + ": another program has this port; stop it, or set another port",
                    e.getMessage());
        }
    }

    @Test
    void addressOfAnotherMachineIsNamed() throws IOException {
        InetAddress elsewhere = InetAddress.ofLiteral("192.0.2.7");
        String words =
                String.valueOf(assertThrows(BindException.class, () -> SocketListener.open(elsewhere, 2525, watchdog))
                        .getMessage());
        assertTrue(words.startsWith("cannot listen on 192.0.2.7:2525: this machine does not have the address"), words);
    }

    @Test
    void portIsFreeAgainAtOnce() throws IOException {
        var first = SocketListener.open(loopback, 0, watchdog);
        try (var client = new Socket(loopback, first.port())) {
            first.accept().close(); // our side closes first and keeps the TIME-WAIT
            assertEquals(-1, client.getInputStream().read());
        }
        int port = first.port();
        first.close();
        SocketListener.open(loopback, port, watchdog).close();
    }

    @Test
    void closingEndsTheWait() throws IOException {
        var listener = SocketListener.open(loopback, 0, watchdog);
        var accepting = new FutureTask<>(listener::accept);
        Thread thread = Thread.ofVirtual().start(accepting);
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        listener.close();
        var e = assertThrows(ExecutionException.class, () -> accepting.get(10, TimeUnit.SECONDS));
        assertTrue(e.getCause() instanceof IOException);
        listener.close();
    }
}
