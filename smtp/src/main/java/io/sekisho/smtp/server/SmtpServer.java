package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepts clients and runs a session for each in a thread of its own. A permit is taken before a client is accepted: when
 * all are in use, clients wait in the system's queue and cost us nothing.
 */
public final class SmtpServer {
    private static final System.Logger LOG = System.getLogger(SmtpServer.class.getName());

    private final Listener listener;
    private final ServerLimits limits;
    private final ThreadFactory threads;
    private final Surroundings surroundings;
    private final Semaphore permits;
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SmtpSession, Thread> sessions = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread acceptor;

    /**
     * A server that does not run yet.
     *
     * @param listener where clients arrive; closed by {@link #drain}
     * @param receiver takes the mail
     * @param hostName our name in replies, and the domain of {@code <postmaster>}
     * @param incoming the directory for messages too large for memory, on the file system of the blob store
     * @param threads makes the threads of sessions; virtual ones in the product
     * @param surpriseIds gives ids by which a surprise is found in the log; printable ASCII, used by many threads
     * @param nanos a clock for durations, in nanoseconds from any origin
     * @param tls how TLS is used
     */
    public SmtpServer(
            Listener listener,
            Receiver receiver,
            ServerLimits limits,
            String hostName,
            Path incoming,
            ThreadFactory threads,
            Supplier<String> surpriseIds,
            LongSupplier nanos,
            TlsOffer tls) {
        this.listener = listener;
        this.limits = limits;
        this.threads = threads;
        this.permits = new Semaphore(limits.sessions().all());
        this.surroundings = Surroundings.of(
                receiver, limits, hostName, incoming, surpriseIds, nanos, () -> stopping.getCount() == 0, tls);
    }

    /** Begins to accept. Called once. */
    public void start() {
        Thread thread = threads.newThread(this::acceptLoop);
        acceptor = thread;
        thread.start();
    }

    /** The port that is listened on. */
    public int port() {
        return listener.port();
    }

    /** Sessions that are open now. */
    public int sessions() {
        return sessions.size();
    }

    private boolean draining() {
        return stopping.getCount() == 0;
    }

    private void acceptLoop() {
        try {
            while (!draining()) {
                permits.acquire();
                boolean begun = false;
                try {
                    begun = acceptOne();
                } finally {
                    if (!begun) {
                        permits.release();
                    }
                }
            }
        } catch (InterruptedException e) {
            if (!draining()) {
                LOG.log(System.Logger.Level.ERROR, "interrupted: no more clients are accepted", e);
            }
        }
    }

    /** One client. @return whether a session has begun, which now has the permit */
    private boolean acceptOne() throws InterruptedException {
        Connection connection = null;
        try {
            connection = listener.accept();
            return admit(connection);
        } catch (IOException e) {
            notAccepted(connection, "a client could not be accepted, trying again: " + e.getMessage(), null);
        } catch (RuntimeException | Error e) {
            notAccepted(connection, "surprise while accepting a client", e);
        }
        return false;
    }

    private void notAccepted(@Nullable Connection connection, String what, @Nullable Throwable surprise)
            throws InterruptedException {
        if (connection != null) {
            connection.close();
        }
        if (!draining()) {
            LOG.log(System.Logger.Level.WARNING, what, surprise);
            var _ = stopping.await(limits.waits().acceptRetry().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private boolean admit(Connection connection) {
        InetAddress address = connection.remoteAddress();
        if (perAddress.merge(address, 1, Integer::sum) > limits.sessions().perAddress()) {
            leave(address);
            turnAway(connection);
            return false;
        }
        boolean begun = false;
        try {
            begin(connection, address);
            begun = true;
        } finally {
            if (!begun) {
                leave(address);
            }
        }
        return true;
    }

    private void turnAway(Connection connection) {
        try {
            if (surroundings.tls() instanceof TlsOffer.Implicit) {
                // a handshake only to say no would cost more than the session
                connection.close();
                return;
            }
            SessionReplies.write(
                    SessionReplies.TOO_MANY_SESSIONS, connection, limits.waits().parting());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client left before it could be turned away: {0}", e.getMessage());
        }
        connection.close();
    }

    private void begin(Connection connection, InetAddress address) {
        var session = new SmtpSession(connection, surroundings);
        Thread thread = threads.newThread(() -> run(session, address));
        sessions.put(session, thread);
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                sessions.remove(session);
            }
        }
    }

    private void run(SmtpSession session, InetAddress address) {
        try {
            session.run();
        } finally {
            sessions.remove(session);
            leave(address);
            permits.release();
        }
    }

    private void leave(InetAddress address) {
        perAddress.computeIfPresent(address, (a, n) -> n == 1 ? null : n - 1);
    }

    /**
     * Stops. No more clients are accepted; those that wait between two mail transactions get 421 4.3.2 at once, the others
     * when their message has ended; who is still there after the time given is cut off.
     *
     * @param patience how long sessions may take to finish
     * @return how many sessions were cut off
     * @throws InterruptedException when the caller is interrupted; sessions go on, and another call goes on with stopping
     */
    public int drain(Duration patience) throws InterruptedException {
        stopping.countDown();
        listener.close();
        if (acceptor != null) {
            acceptor.interrupt();
        }
        for (SmtpSession session : sessions.keySet()) {
            if (session.takeIdle()) {
                threads.newThread(session::sayStopping).start();
            }
        }
        if (allEnd(patience)) {
            return 0;
        }
        int left = sessions.size();
        sessions.values().forEach(Thread::interrupt);
        if (!allEnd(limits.waits().parting())) {
            sessions.keySet().forEach(SmtpSession::cut);
            allEnd(limits.waits().parting());
        }
        return left;
    }

    private boolean allEnd(Duration patience) throws InterruptedException {
        if (!permits.tryAcquire(limits.sessions().all(), patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        permits.release(limits.sessions().all());
        return true;
    }
}
