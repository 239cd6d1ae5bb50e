package io.sekisho.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/**
 * A two-way stream of octets between us and one peer, used by one thread. (A server that
 * stops may {@link #write} and set a {@link #deadline} from another thread while the first waits in {@link #read}.) Nothing is buffered: what is written is handed to
 * the network before the call returns. A socket in the product, a pair of memory queues in tests.
 */
public interface Connection extends Closeable {
    /** The peer's address. */
    InetAddress remoteAddress();

    /** The peer's port. */
    int remotePort();

    /** How long a read waits for the first octet. @param timeout above zero */
    void readTimeout(Duration timeout) throws IOException;

    /**
     * A bound on everything, writes included: when this much time has passed, the connection is closed from outside and the
     * call in progress fails. Each call replaces the bound before it.
     */
    void deadline(Duration fromNow);

    /**
     * Reads what is there, at least one octet.
     *
     * @return octets read, -1 when the peer has ended the stream
     * @throws java.net.SocketTimeoutException when nothing came within the read timeout
     */
    int read(byte[] into, int offset, int length) throws IOException;

    /** Whether octets have arrived that {@link #read} would return at once. */
    boolean readable() throws IOException;

    /** Writes all the octets. */
    void write(byte[] from, int offset, int length) throws IOException;

    /** Ends both directions. Safe from any thread and more than once. */
    @Override
    void close();
}
