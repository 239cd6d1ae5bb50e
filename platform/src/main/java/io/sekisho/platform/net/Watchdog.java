package io.sekisho.platform.net;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends what waits for too long: one thread looks at every connection again and again, a few comparisons each. So a read
 * timeout or a deadline costs two stores when it is set, and comes late by at most one period.
 */
public final class Watchdog implements AutoCloseable {
    private final LongSupplier nanos;
    private final Duration period;
    private final Set<SocketConnection> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A watchdog that is at work.
     *
     * @param nanos a clock for durations, in nanoseconds from any origin, such as {@code System::nanoTime}
     * @param period the time between two looks, at least a millisecond; half a second is right for 10,000 connections
     */
    public Watchdog(LongSupplier nanos, Duration period) {
        if (period.toMillis() < 1) {
            throw new IllegalArgumentException("no period: " + period);
        }
        this.nanos = nanos;
        this.period = period;
        Thread.ofPlatform().daemon().name("connection-watchdog").start(this::lookUntilClosed);
    }

    long now() {
        return nanos.getAsLong();
    }

    void watch(SocketConnection connection) {
        connections.add(connection);
    }

    void forget(SocketConnection connection) {
        connections.remove(connection);
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Looks at every connection once. */
    void look() {
        long now = nanos.getAsLong();
        connections.forEach(connection -> connection.check(now));
    }

    private void lookUntilClosed() {
        try {
            while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops looking; open connections stay open and are bounded no more. */
    @Override
    public void close() {
        closed.countDown();
    }
}
