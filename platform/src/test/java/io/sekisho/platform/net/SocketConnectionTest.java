package io.sekisho.platform.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SocketConnectionTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000); // a clock that wraps round soon
    private final Watchdog watchdog = new Watchdog(clock::get, NEVER);
    private SocketListener listener;
    private Socket peer;
    private Connection connection;

    @BeforeEach
    void connect() throws IOException {
        listener = SocketListener.open(InetAddress.getLoopbackAddress(), 0, watchdog);
        peer = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        connection = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        peer.close();
        listener.close();
        watchdog.close();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
        watchdog.look();
    }

    /** Starts the work on each kind of thread and gives it back when it waits for the network. */
    private static <T> FutureTask<T> waiting(Thread.Builder kind, Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread thread = kind.start(task);
        while (thread.getState() == Thread.State.NEW || inJava(thread)) {
            Thread.onSpinWait();
        }
        return task;
    }

    /** A virtual thread waits parked; a platform thread in a system call counts as running, so its stack is asked. */
    private static boolean inJava(Thread thread) {
        if (thread.isVirtual()) {
            return thread.getState() == Thread.State.RUNNABLE || thread.getState() == Thread.State.BLOCKED;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 || !stack[0].isNativeMethod();
    }

    private static @Nullable Throwable failure(FutureTask<?> task) {
        return assertThrows(ExecutionException.class, () -> task.get(10, TimeUnit.SECONDS))
                .getCause();
    }

    private static String words(@Nullable Throwable failure) {
        return failure == null ? "no failure" : String.valueOf(failure.getMessage());
    }

    private int read() throws IOException {
        return connection.read(new byte[100], 0, 100);
    }

    @Test
    void octetsGoBothWays() throws IOException {
        peer.getOutputStream().write(new byte[] {1, 2, 3});
        byte[] got = new byte[10];
        int count = connection.read(got, 4, 6);
        assertTrue(count >= 1 && count <= 3);
        assertEquals(1, got[4]);
        connection.write(new byte[] {9, 8, 7, 6}, 1, 2);
        assertEquals(8, peer.getInputStream().read());
        assertEquals(7, peer.getInputStream().read());
        assertEquals(InetAddress.getLoopbackAddress(), connection.remoteAddress());
        assertEquals(peer.getLocalPort(), connection.remotePort());
    }

    @Test
    void endOfThePeerIsTheEndOfTheStream() throws IOException {
        peer.shutdownOutput();
        assertEquals(-1, read());
        assertEquals(-1, read());
    }

    @Test
    void whatHasArrivedIsReadable() throws IOException {
        assertFalse(connection.readable());
        peer.getOutputStream().write(new byte[] {1, 2});
        assertEquals(1, connection.read(new byte[1], 0, 1));
        while (!connection.readable()) {
            Thread.onSpinWait();
        }
        assertEquals(1, read());
        assertFalse(connection.readable());
    }

    @Test
    void readTimesOutAndThePeerCanStillBeTold() throws Exception {
        connection.readTimeout(Duration.ofMinutes(5));
        FutureTask<Integer> reading = waiting(Thread.ofVirtual(), this::read);
        pass(Duration.ofSeconds(299));
        assertFalse(reading.isDone());
        pass(Duration.ofSeconds(1));
        assertInstanceOf(SocketTimeoutException.class, failure(reading));
        connection.write(new byte[] {42}, 0, 1);
        assertEquals(42, peer.getInputStream().read());
        assertThrows(SocketTimeoutException.class, this::read, "and again, without waiting");
    }

    @Test
    void readOnAPlatformThreadTimesOutToo() throws IOException {
        connection.readTimeout(Duration.ofSeconds(5));
        FutureTask<Integer> reading = waiting(Thread.ofPlatform(), this::read);
        pass(Duration.ofSeconds(5));
        assertInstanceOf(SocketTimeoutException.class, failure(reading));
    }

    @Test
    void everyReadHasItsOwnTimeout() throws Exception {
        connection.readTimeout(Duration.ofSeconds(10));
        for (int i = 0; i < 5; i++) {
            FutureTask<Integer> reading = waiting(Thread.ofVirtual(), this::read);
            pass(Duration.ofSeconds(9));
            peer.getOutputStream().write(1);
            assertEquals(1, reading.get(10, TimeUnit.SECONDS));
            pass(Duration.ofHours(1));
        }
    }

    @Test
    void deadlineEndsARead() throws IOException {
        connection.readTimeout(Duration.ofHours(2));
        connection.deadline(Duration.ofMinutes(1));
        FutureTask<Integer> reading = waiting(Thread.ofVirtual(), this::read);
        pass(Duration.ofMinutes(1));
        assertEquals("time is up, the connection was closed", words(failure(reading)));
        assertEquals(0, watchdog.connections());
    }

    @Test
    void deadlineEndsAWriteThatThePeerDoesNotTake() throws Exception {
        connection.deadline(Duration.ofMinutes(1));
        FutureTask<Void> writing = waiting(Thread.ofVirtual(), () -> {
            byte[] block = new byte[1 << 20];
            while (true) {
                connection.write(block, 0, block.length);
            }
        });
        pass(Duration.ofMinutes(1));
        assertEquals("time is up, the connection was closed", words(failure(writing)));
        assertThrows(IOException.class, () -> connection.write(new byte[1], 0, 1));
    }

    @Test
    void laterDeadlineReplacesTheOneBefore() throws IOException {
        connection.deadline(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(9));
        connection.deadline(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(9));
        connection.write(new byte[] {5}, 0, 1);
        assertEquals(5, peer.getInputStream().read());
        pass(Duration.ofSeconds(1));
        assertThrows(IOException.class, () -> connection.write(new byte[1], 0, 1));
        assertEquals(-1, peer.getInputStream().read());
    }

    @Test
    void closingFromAnotherThreadEndsARead() {
        FutureTask<Integer> reading = waiting(Thread.ofVirtual(), this::read);
        connection.close();
        assertInstanceOf(IOException.class, failure(reading));
        connection.close();
        assertEquals(0, watchdog.connections());
    }

    @Test
    void readTimeoutIsAboveZero() {
        assertThrows(IllegalArgumentException.class, () -> connection.readTimeout(Duration.ZERO));
    }

    @Test
    void theWatchdogLooksByItself() throws Exception {
        try (var quick = new Watchdog(System::nanoTime, Duration.ofMillis(5));
                var listening = SocketListener.open(InetAddress.getLoopbackAddress(), 0, quick);
                var client = new Socket(InetAddress.getLoopbackAddress(), listening.port());
                Connection accepted = listening.accept()) {
            accepted.readTimeout(Duration.ofMillis(30));
            assertThrows(SocketTimeoutException.class, () -> accepted.read(new byte[1], 0, 1));
            accepted.deadline(Duration.ofMillis(10));
            assertEquals(-1, client.getInputStream().read());
        }
    }
}
