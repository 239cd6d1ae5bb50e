package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A connection whose writes are kept.
 *
 * @param writes gets each write as text
 * @param alwaysReadable whether it says that octets are there when none are
 */
record WatchedConnection(Connection connection, List<String> writes, boolean alwaysReadable) implements Connection {
    @Override
    public InetAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public int remotePort() {
        return connection.remotePort();
    }

    @Override
    public void readTimeout(Duration timeout) throws IOException {
        connection.readTimeout(timeout);
    }

    @Override
    public void deadline(Duration fromNow) {
        connection.deadline(fromNow);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return connection.read(into, offset, length);
    }

    @Override
    public boolean readable() throws IOException {
        return alwaysReadable || connection.readable();
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        writes.add(new String(from, offset, length, StandardCharsets.US_ASCII));
        connection.write(from, offset, length);
    }

    @Override
    public void close() {
        connection.close();
    }
}
