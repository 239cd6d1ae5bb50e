package io.sekisho.app.demo;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.server.Listener;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A customer's mail server: takes mail, counts it and keeps none. Its weather may be bad. One virtual thread for each
 * connection.
 */
final class CustomerServer implements Closeable {
    private final String hostName;
    private final Listener listener;
    private final Weather weather;
    private final Map<String, String> refusals;
    private final InstantSource clock;
    private final DemoLimits limits;
    private final Semaphore permits;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Tally tally = new Tally();

    /** What it has done, being added up by many threads. */
    static final class Tally {
        final LongAdder connections = new LongAdder();
        final LongAdder messages = new LongAdder();
        final LongAdder recipients = new LongAdder();
        final LongAdder octets = new LongAdder();
        final LongAdder refused = new LongAdder();
        final LongAdder troubled = new LongAdder();
    }

    /**
     * What it has done so far.
     *
     * @param connections that were accepted
     * @param messages taken
     * @param recipients of these messages
     * @param octets of content of these messages
     * @param refused recipients that were refused
     * @param troubled times that a client met bad weather: a 421, a 451 or a dropped connection
     */
    record Counts(long connections, long messages, long recipients, long octets, long refused, long troubled) {}

    /**
     * A server; {@link #start} makes it run.
     *
     * @param refusals mailbox in lower case to the reply that its RCPT always gets, such as {@code 550 5.2.1 mailbox closed}
     */
    CustomerServer(
            String hostName,
            Listener listener,
            Weather weather,
            Map<String, String> refusals,
            InstantSource clock,
            DemoLimits limits) {
        this.hostName = hostName;
        this.listener = listener;
        this.weather = weather;
        this.refusals = Map.copyOf(refusals);
        this.clock = clock;
        this.limits = limits;
        this.permits = new Semaphore(limits.sessions());
    }

    void start() {
        Thread.ofVirtual().name(hostName).start(this::acceptLoop);
    }

    int port() {
        return listener.port();
    }

    Counts counts() {
        return new Counts(
                tally.connections.sum(),
                tally.messages.sum(),
                tally.recipients.sum(),
                tally.octets.sum(),
                tally.refused.sum(),
                tally.troubled.sum());
    }

    private void acceptLoop() {
        try {
            while (stopped.getCount() > 0) {
                permits.acquire();
                Connection connection;
                try {
                    connection = listener.accept();
                } catch (IOException e) {
                    permits.release();
                    // closed, or out of resources for a moment
                    if (stopped.await(limits.look().toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                    continue;
                }
                tally.connections.increment();
                Thread.ofVirtual().name(hostName + "-session").start(() -> serve(connection));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Connection connection) {
        open.add(connection);
        try (connection) {
            if (stopped.getCount() > 0) {
                connection.readTimeout(limits.idle());
                connection.deadline(limits.session());
                new CustomerSession(hostName, connection, () -> weather.at(clock.instant()), refusals, tally, limits)
                        .run();
            }
        } catch (IOException e) {
            // the client is gone: nothing was promised that was not counted
        } finally {
            open.remove(connection);
            permits.release();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        listener.close();
        open.forEach(Connection::close);
    }
}
