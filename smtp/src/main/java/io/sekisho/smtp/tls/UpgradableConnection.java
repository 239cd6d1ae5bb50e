package io.sekisho.smtp.tls;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** A connection that may become a TLS connection (RFC 3207), so that those who hold it need not know. */
public final class UpgradableConnection implements Connection {
    private volatile Connection current;

    /** A connection without TLS so far. */
    public UpgradableConnection(Connection plain) {
        this.current = plain;
    }

    /** Does a handshake. */
    @FunctionalInterface
    public interface Handshake {
        /** Does it over this connection. @throws IOException when it fails, in words */
        TlsConnection over(Connection plain) throws IOException;
    }

    /**
     * Goes over to TLS; nobody may read or write meanwhile. When it fails, the connection is what it was, and good for nothing
     * but to be closed.
     */
    public TlsConnection upgrade(Handshake handshake) throws IOException {
        TlsConnection made = handshake.over(current);
        current = made;
        return made;
    }

    @Override
    public InetAddress remoteAddress() {
        return current.remoteAddress();
    }

    @Override
    public int remotePort() {
        return current.remotePort();
    }

    @Override
    public void readTimeout(Duration timeout) throws IOException {
        current.readTimeout(timeout);
    }

    @Override
    public void deadline(Duration fromNow) {
        current.deadline(fromNow);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return current.read(into, offset, length);
    }

    @Override
    public boolean readable() throws IOException {
        return current.readable();
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        current.write(from, offset, length);
    }

    @Override
    public void close() {
        current.close();
    }
}
