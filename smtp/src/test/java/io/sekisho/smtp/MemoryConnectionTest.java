package io.sekisho.smtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryConnectionTest {
    private final MemoryConnection.Pair pair =
            MemoryConnection.pair(InetAddress.getLoopbackAddress(), 4711, 10, System::nanoTime);
    private final MemoryConnection client = pair.client();
    private final MemoryConnection server = pair.server();

    @Test
    void octetsComeInOrderThroughASmallQueue() throws Exception {
        byte[] sent = new byte[10_000];
        new Random(1).nextBytes(sent);
        var writing = CompletableFuture.runAsync(() -> {
            try {
                client.write(sent, 0, sent.length);
                client.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        byte[] got = new byte[sent.length];
        int at = 0;
        for (int n = server.read(got, 0, 7); n > 0; n = server.read(got, at, Math.min(7, got.length - at))) {
            at += n;
            if (at == got.length) {
                break;
            }
        }
        writing.get(5, TimeUnit.SECONDS);
        assertArrayEquals(sent, got);
        assertEquals(-1, server.read(got, 0, 1));
    }

    @Test
    void aReadTimesOutAndCanBeTriedAgain() throws Exception {
        server.readTimeout(Duration.ofMillis(1));
        assertThrows(SocketTimeoutException.class, () -> server.read(new byte[1], 0, 1));
        assertFalse(server.readable());
        client.write(new byte[] {7}, 0, 1);
        assertTrue(server.readable());
        assertEquals(1, server.read(new byte[1], 0, 1));
    }

    @Test
    void theDeadlineEndsReadsAndWrites() throws Exception {
        server.deadline(Duration.ofMillis(1));
        assertThrows(IOException.class, () -> server.read(new byte[1], 0, 1));
        assertTrue(server.closed());
        assertEquals(-1, client.read(new byte[1], 0, 1));
        var other = MemoryConnection.pair(InetAddress.getLoopbackAddress(), 4711, 10, System::nanoTime);
        other.client().deadline(Duration.ofMillis(1));
        assertThrows(IOException.class, () -> other.client().write(new byte[100], 0, 100));
    }

    @Test
    void whatWasWrittenBeforeACloseCanBeRead() throws Exception {
        client.write(new byte[] {1, 2}, 0, 2);
        client.close();
        assertEquals(2, server.read(new byte[5], 0, 5));
        assertEquals(-1, server.read(new byte[5], 0, 5));
        assertThrows(IOException.class, () -> server.write(new byte[1], 0, 1));
        assertThrows(IOException.class, () -> client.read(new byte[1], 0, 1));
    }

    @Test
    void oneDirectionCanEndAlone() throws Exception {
        client.endOutput();
        assertEquals(-1, server.read(new byte[1], 0, 1));
        server.write(new byte[] {1}, 0, 1);
        assertEquals(1, client.read(new byte[1], 0, 1));
    }
}
