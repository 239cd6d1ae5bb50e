package io.sekisho.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * One end of a connection inside this process: two bounded queues of octets in place of a network, for tests, the
 * simulation and the demonstration. What was written before a close can still be read by the other end, as with TCP.
 */
public final class MemoryConnection implements Connection {
    private static final long NONE = Long.MAX_VALUE;

    private final Shared shared;
    private final Queue incoming;
    private final Queue outgoing;
    private final InetAddress remoteAddress;
    private final int remotePort;
    private long readTimeout = NONE;
    private long closeBy = NONE;
    private boolean closed;

    private MemoryConnection(Shared shared, Queue incoming, Queue outgoing, InetAddress remoteAddress, int remotePort) {
        this.shared = shared;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.remoteAddress = remoteAddress;
        this.remotePort = remotePort;
    }

    /**
     * Two ends that are connected.
     *
     * @param client the end of the one that connected; its remote port is 25
     * @param server the end of the one that was connected to; its remote address is the client's
     */
    public record Pair(MemoryConnection client, MemoryConnection server) {}

    /**
     * A connection.
     *
     * @param clientAddress from where the client seems to connect
     * @param clientPort its port
     * @param capacity octets that fit into each direction before a write waits, above zero
     * @param nanos a clock for durations, in nanoseconds from any origin
     */
    public static Pair pair(InetAddress clientAddress, int clientPort, int capacity, LongSupplier nanos) {
        var shared = new Shared(nanos);
        var toServer = new Queue(capacity);
        var toClient = new Queue(capacity);
        var client = new MemoryConnection(shared, toClient, toServer, InetAddress.getLoopbackAddress(), 25);
        var server = new MemoryConnection(shared, toServer, toClient, clientAddress, clientPort);
        return new Pair(client, server);
    }

    @Override
    public InetAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public int remotePort() {
        return remotePort;
    }

    @Override
    public void readTimeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a read timeout is above zero: " + timeout);
        }
        shared.lock.lock();
        try {
            readTimeout = timeout.toNanos();
        } finally {
            shared.lock.unlock();
        }
    }

    @Override
    public void deadline(Duration fromNow) {
        shared.lock.lock();
        try {
            closeBy = shared.nanos.getAsLong() + fromNow.toNanos();
            shared.changed.signalAll();
        } finally {
            shared.lock.unlock();
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        shared.lock.lock();
        try {
            long giveUp = readTimeout == NONE ? NONE : shared.nanos.getAsLong() + readTimeout;
            while (incoming.size == 0 && !incoming.ended && !closed) {
                long left = Math.min(left(giveUp), leftOfAll());
                if (left <= 0) {
                    throw new SocketTimeoutException("nothing came in time");
                }
                var _ = shared.changed.awaitNanos(left);
            }
            if (closed) {
                throw new IOException("this end is closed");
            }
            int got = incoming.take(into, offset, length);
            shared.changed.signalAll();
            return got;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            shared.lock.unlock();
        }
    }

    @Override
    public boolean readable() throws IOException {
        shared.lock.lock();
        try {
            return incoming.size > 0;
        } finally {
            shared.lock.unlock();
        }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        shared.lock.lock();
        try {
            int done = 0;
            while (true) {
                if (closed || outgoing.ended) {
                    throw new IOException("the connection is closed");
                }
                done += outgoing.put(from, offset + done, length - done);
                shared.changed.signalAll();
                if (done == length) {
                    return;
                }
                var _ = shared.changed.awaitNanos(leftOfAll());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            shared.lock.unlock();
        }
    }

    private long left(long until) {
        return until == NONE ? NONE : until - shared.nanos.getAsLong();
    }

    private long leftOfAll() throws IOException {
        long left = left(closeBy);
        if (left <= 0) {
            close();
            throw new IOException("time is up, the connection was closed");
        }
        return left;
    }

    /** An interrupt closes the connection, as it does with a socket in a virtual thread. */
    private IOException interrupted(InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        return new IOException("interrupted, the connection was closed", e);
    }

    /** Ends what this end says, as a half-closed socket does: the other end reads to the end and can still answer. */
    public void endOutput() {
        shared.lock.lock();
        try {
            outgoing.ended = true;
            shared.changed.signalAll();
        } finally {
            shared.lock.unlock();
        }
    }

    /** Whether this end has been closed, by a call or by its deadline. */
    public boolean closed() {
        shared.lock.lock();
        try {
            return closed;
        } finally {
            shared.lock.unlock();
        }
    }

    @Override
    public void close() {
        shared.lock.lock();
        try {
            closed = true;
            outgoing.ended = true;
            incoming.ended = true;
            shared.changed.signalAll();
        } finally {
            shared.lock.unlock();
        }
    }

    /** What both ends wait on. */
    private static final class Shared {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final LongSupplier nanos;

        private Shared(LongSupplier nanos) {
            this.nanos = nanos;
        }
    }

    /** One direction: a ring of octets. */
    private static final class Queue {
        private final byte[] ring;
        private int first;
        private int size;
        private boolean ended;

        private Queue(int capacity) {
            this.ring = new byte[capacity];
        }

        private int take(byte[] into, int offset, int length) {
            if (size == 0) {
                return -1;
            }
            int n = Math.min(Math.min(length, size), ring.length - first);
            System.arraycopy(ring, first, into, offset, n);
            first = (first + n) % ring.length;
            size -= n;
            return n;
        }

        private int put(byte[] from, int offset, int length) {
            int end = (first + size) % ring.length;
            int n = Math.min(Math.min(length, ring.length - size), ring.length - end);
            System.arraycopy(from, offset, ring, end, n);
            size += n;
            return n;
        }
    }
}
