package io.sekisho.smtp.client;

import io.sekisho.smtp.Connection;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps what is written; reads give prepared pieces, one to a call, then the end of the stream. */
final class RecordingConnection implements Connection {
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    final Deque<byte[]> arriving = new ArrayDeque<>();
    int largestWrite;

    @Override
    public InetAddress remoteAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int remotePort() {
        return 25;
    }

    @Override
    public void readTimeout(Duration timeout) {}

    @Override
    public void deadline(Duration fromNow) {}

    @Override
    public int read(byte[] into, int offset, int length) {
        byte[] next = arriving.poll();
        if (next == null) {
            return -1;
        }
        int given = Math.min(length, next.length);
        System.arraycopy(next, 0, into, offset, given);
        if (given < next.length) {
            arriving.addFirst(java.util.Arrays.copyOfRange(next, given, next.length));
        }
        return given;
    }

    @Override
    public boolean readable() {
        return !arriving.isEmpty();
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        written.write(from, offset, length);
        largestWrite = Math.max(largestWrite, length);
    }

    @Override
    public void close() {}
}
