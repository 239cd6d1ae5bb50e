package io.sekisho.smtp.client;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A plain socket as a connection; the deadline is a timer. Counts its writes. */
final class LoopbackConnection implements Connection {
    private final Socket socket;
    private @Nullable CompletableFuture<Void> bound;
    private int writes;

    LoopbackConnection(Socket socket) {
        this.socket = socket;
    }

    int writes() {
        return writes;
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
    public void readTimeout(Duration timeout) throws IOException {
        socket.setSoTimeout((int) Math.max(1, timeout.toMillis()));
    }

    @Override
    public void deadline(Duration fromNow) {
        if (bound != null) {
            bound.cancel(false);
        }
        bound = CompletableFuture.runAsync(
                this::close, CompletableFuture.delayedExecutor(fromNow.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return socket.getInputStream().read(into, offset, length);
    }

    @Override
    public boolean readable() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        writes++;
        socket.getOutputStream().write(from, offset, length);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
