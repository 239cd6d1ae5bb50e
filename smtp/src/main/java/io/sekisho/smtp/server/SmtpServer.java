package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Listens, and gives each client a session in a thread of its own. No client is accepted without a permit. */
public final class SmtpServer {
    private static final System.Logger LOG = System.getLogger(SmtpServer.class.getName());
    private static final Reply TOO_MANY =
            Reply.of(421, "4.7.0", "too many connections from your address, try again later");

    private final Listener listener;
    private final Receiver receiver;
    private final ServerLimits limits;
    private final Path incoming;
    private final ThreadFactory threads;
    private final LongSupplier nanos;
    private final CommandParser parser;
    private final Reply extensions;
    private final Reply helloReply;
    private final Semaphore permits;
    private final BlockPool pool = new BlockPool();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private final Set<SmtpSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong surprises = new AtomicLong();
    private final String surprisePrefix;
    private volatile boolean draining;
    private @Nullable Thread accepting;

    /**
     * A server that does not listen yet.
     *
     * @param hostName our name in the reply to EHLO
     * @param incoming folder for content that is too large for memory
     * @param threads makes a thread for each session
     * @param nanos a clock that only goes forward, in nanoseconds
     * @param surprisePrefix begins the ids under which surprises are logged, different at each start
     */
    public SmtpServer(
            Listener listener,
            Receiver receiver,
            ServerLimits limits,
            String hostName,
            Path incoming,
            ThreadFactory threads,
            LongSupplier nanos,
            String surprisePrefix) {
        this.listener = listener;
        this.receiver = receiver;
        this.limits = limits;
        this.incoming = incoming;
        this.threads = threads;
        this.nanos = nanos;
        this.surprisePrefix = surprisePrefix;
        this.parser = new CommandParser(hostName);
        this.permits = new Semaphore(limits.sessions());
        this.helloReply = new Reply(250, null, List.of(hostName));
        this.extensions = new Reply(
                250,
                null,
                List.of(hostName, "PIPELINING", "SIZE " + limits.messageSize(), "8BITMIME", "ENHANCEDSTATUSCODES"));
    }

    /** Begins to accept clients. */
    public void start() {
        Thread thread = Thread.ofPlatform().name("smtp-accept-" + port()).unstarted(this::acceptLoop);
        accepting = thread;
        thread.start();
    }

    /** The port that is listened on. */
    public int port() {
        return listener.port();
    }

    /** Sessions that are open. */
    public int sessions() {
        return limits.sessions() - permits.availablePermits();
    }

    private void acceptLoop() {
        while (!draining) {
            boolean held = false;
            try {
                permits.acquire();
                held = true;
                Connection connection = listener.accept();
                held = false;
                begin(connection);
            } catch (IOException e) {
                if (!draining) {
                    LOG.log(System.Logger.Level.WARNING, "cannot accept a connection: {0}", e.getMessage());
                    pause();
                }
            } catch (InterruptedException e) {
                return;
            } finally {
                if (held) {
                    permits.release();
                }
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(limits.acceptRetry().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(Connection connection) {
        InetAddress address = connection.remoteAddress();
        int open = perAddress.merge(address, 1, Integer::sum);
        if (open > limits.sessionsPerAddress()) {
            turnAway(connection);
            end(address);
            return;
        }
        SmtpSession session = new SmtpSession(this, connection, receiver, limits, pool);
        sessions.add(session);
        threads.newThread(() -> {
                    try {
                        session.run();
                    } finally {
                        sessions.remove(session);
                        end(address);
                    }
                })
                .start();
    }

    private void turnAway(Connection connection) {
        ReplyWriter out = new ReplyWriter(connection);
        try (connection) {
            out.add(TOO_MANY);
            out.flush();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "turned away, and gone: {0}", e.getMessage());
        }
    }

    private void end(InetAddress address) {
        perAddress.computeIfPresent(address, (a, n) -> n == 1 ? null : n - 1);
        permits.release();
    }

    /**
     * Stops: no new client; those that wait for a command are told 421, those in a mail transaction may finish it.
     *
     * @param atMost how long they may; then their connections are closed
     */
    public void drain(Duration atMost) throws InterruptedException {
        draining = true;
        listener.close();
        Thread thread = accepting;
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
        long end = nanos.getAsLong() + atMost.toNanos();
        sessions.forEach(SmtpSession::drain);
        while (!awaitNoSession(end)) {
            List<SmtpSession> left = new ArrayList<>(sessions);
            if (nanos.getAsLong() >= end) {
                left.forEach(SmtpSession::abort);
                return;
            }
            left.forEach(SmtpSession::drain);
        }
    }

    private boolean awaitNoSession(long end) throws InterruptedException {
        long slice = Math.clamp(end - nanos.getAsLong(), 0, TimeUnit.MILLISECONDS.toNanos(100));
        boolean none = permits.tryAcquire(limits.sessions(), slice, TimeUnit.NANOSECONDS);
        if (none) {
            permits.release(limits.sessions());
        }
        return none;
    }

    boolean draining() {
        return draining;
    }

    CommandParser parser() {
        return parser;
    }

    Reply extensions() {
        return extensions;
    }

    Reply helloReply() {
        return helloReply;
    }

    Path incoming() {
        return incoming;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    String surpriseId() {
        return surprisePrefix + "-" + surprises.incrementAndGet();
    }
}
