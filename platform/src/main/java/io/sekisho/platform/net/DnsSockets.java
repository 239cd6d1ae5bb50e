package io.sekisho.platform.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries DNS messages to a server and back, over UDP and TCP (RFC 1035 section 4.2). Each question has a socket of its own, with
 * a port that the system chooses, so that a forger has to guess it (RFC 5452 section 4.5). What the octets mean is not known here.
 */
public final class DnsSockets {
    private static final int LARGEST_DATAGRAM = 4096;

    private final LongSupplier nanos;

    /** Sockets. @param nanos a clock for durations, in nanoseconds from any origin, such as {@code System::nanoTime} */
    public DnsSockets(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Sends one datagram and waits for the answer to it.
     *
     * @param accept reads a datagram that came; null when it is no answer to this question, and it is waited on
     * @param timeout for everything
     * @throws SocketTimeoutException when no answer came in time
     * @throws IOException when the server cannot be reached
     */
    public <T> T udp(InetSocketAddress server, byte[] query, Function<byte[], @Nullable T> accept, Duration timeout)
            throws IOException {
        long by = nanos.getAsLong() + timeout.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            // connected: the system drops what comes from others, and tells when nobody listens
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
            while (true) {
                socket.setSoTimeout(left(by));
                packet.setLength(LARGEST_DATAGRAM);
                socket.receive(packet);
                T answer = accept.apply(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answer != null) {
                    return answer;
                }
            }
        }
    }

    /**
     * Asks over a TCP connection, which is closed afterwards.
     *
     * @param timeout for everything
     * @return the message that came back, without its length
     * @throws SocketTimeoutException when no answer came in time
     * @throws IOException when the server cannot be reached, or closes too early
     */
    public byte[] tcp(InetSocketAddress server, byte[] query, Duration timeout) throws IOException {
        long by = nanos.getAsLong() + timeout.toNanos();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(server, left(by));
            byte[] framed = new byte[query.length + 2];
            framed[0] = (byte) (query.length >> 8);
            framed[1] = (byte) query.length;
            System.arraycopy(query, 0, framed, 2, query.length);
            socket.getOutputStream().write(framed);
            DataInputStream in = new DataInputStream(new Bounded(socket, by));
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return answer;
        } catch (EOFException e) {
            throw new IOException("the server closed the connection before its answer was complete", e);
        }
    }

    /** Milliseconds until then, at least one. */
    private int left(long by) throws SocketTimeoutException {
        long left = by - nanos.getAsLong();
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
    }

    /** Reads with what is left of the time: a server that sends an octet now and then gains nothing. */
    private final class Bounded extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private final long by;

        Bounded(Socket socket, long by) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.by = by;
        }

        @Override
        public int read() throws IOException {
            socket.setSoTimeout(left(by));
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            socket.setSoTimeout(left(by));
            return in.read(into, offset, length);
        }
    }
}
