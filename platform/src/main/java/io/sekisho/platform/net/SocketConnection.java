package io.sekisho.platform.net;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP socket as a connection. Read timeouts and the deadline are kept by the {@link Watchdog}, not by timers of the
 * system: a read costs no more than its system call, and an idle session holds no timer. After a read has timed out the
 * connection can be written to, so that the peer can be told, but not read from.
 */
final class SocketConnection implements Connection {
    /** Neither a read is waiting nor a deadline set. */
    private static final long NONE = Long.MAX_VALUE;
    /** The read that was waiting has been given up. */
    private static final long EXPIRED = Long.MIN_VALUE;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Watchdog watchdog;
    /** When the read that waits now is given up, in the watchdog's time. */
    private final AtomicLong readBy = new AtomicLong(NONE);

    private volatile long closeBy = NONE;
    private volatile boolean overdue;
    private long readTimeout = NONE;
    private boolean readExpired;

    /** Takes the socket over; it is closed when this fails. */
    SocketConnection(Socket socket, Watchdog watchdog) throws IOException {
        this.socket = socket;
        this.watchdog = watchdog;
        try {
            socket.setTcpNoDelay(true);
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        watchdog.watch(this);
    }

    @Override
    public InetAddress remoteAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int remotePort() {
        return socket.getPort();
    }

    @Override
    public void readTimeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a read timeout is above zero: " + timeout);
        }
        readTimeout = timeout.toNanos();
    }

    @Override
    public void deadline(Duration fromNow) {
        closeBy = watchdog.now() + fromNow.toNanos();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (readExpired) {
            throw new SocketTimeoutException("the connection was not used in time");
        }
        readBy.set(readTimeout == NONE ? NONE : watchdog.now() + readTimeout);
        int got;
        try {
            got = in.read(into, offset, length);
        } catch (IOException e) {
            throw explained(e);
        }
        readExpired = readBy.getAndSet(NONE) == EXPIRED;
        if (got < 0 && readExpired) {
            throw new SocketTimeoutException(
                    "nothing came within " + Duration.ofNanos(readTimeout).toSeconds() + " s");
        }
        return got;
    }

    @Override
    public boolean readable() throws IOException {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw explained(e);
        }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        try {
            out.write(from, offset, length);
        } catch (IOException e) {
            throw explained(e);
        }
    }

    private IOException explained(IOException e) {
        return overdue ? new IOException("time is up, the connection was closed", e) : e;
    }

    @Override
    public void close() {
        watchdog.forget(this);
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be done for a socket that cannot be closed
        }
    }

    /** Ends what has waited for too long; called by the watchdog. @param now the watchdog's time */
    void check(long now) {
        long close = closeBy;
        if (close != NONE && now - close >= 0) {
            overdue = true;
            close();
            return;
        }
        long read = readBy.get();
        if (read != NONE && read != EXPIRED && now - read >= 0 && readBy.compareAndSet(read, EXPIRED)) {
            try {
                socket.shutdownInput();
            } catch (IOException e) {
                close();
            }
        }
    }
}
