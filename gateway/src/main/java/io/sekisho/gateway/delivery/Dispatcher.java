package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.LaneBackoff;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.Node;
import io.sekisho.gateway.queue.Outcomes;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.spool.FreshMail;
import io.sekisho.gateway.spool.JournalledMessage;
import io.sekisho.gateway.spool.StoredContent;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.platform.blob.BlobStore;
import io.sekisho.smtp.client.MailSender;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when attempts are made. Fresh messages go out at once when their lane has room; due ones are claimed from the
 * database in {@link #step}, which one thread calls about once a second.
 */
public final class Dispatcher implements FreshMail {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final Map<LaneKey, DeliveryLane> lanes = new ConcurrentHashMap<>();
    /** Lanes that found all attempts in use. */
    private final Queue<DeliveryLane> starved = new ConcurrentLinkedQueue<>();

    private final Queue<LaneBackoff> healthChanges = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final DeliveryAttempt attempt;
    private final Outcomes outcomes;
    private final QueueStore store;
    private final BlobStore blobs;
    private final Executor executor;
    private final Supplier<UUID> tokens;
    private final InstantSource clock;
    private final DeliveryLimits limits;
    private volatile boolean stopping;

    /**
     * A dispatcher.
     *
     * @param hostName our name in trace fields
     * @param hops knows the servers of destinations
     * @param executor runs attempts, each for as long as the network takes
     * @param tokens makes lease tokens
     */
    public Dispatcher(
            String hostName,
            MailSender sender,
            NextHops hops,
            RetrySchedule schedule,
            Outcomes outcomes,
            QueueStore store,
            BlobStore blobs,
            Executor executor,
            Supplier<UUID> tokens,
            MailLog log,
            InstantSource clock,
            DeliveryLimits limits) {
        this.attempt = new DeliveryAttempt(
                sender, hops, new HopHealth(limits), schedule, new TraceField(hostName), log, clock);
        this.outcomes = outcomes;
        this.store = store;
        this.blobs = blobs;
        this.executor = executor;
        this.tokens = tokens;
        this.clock = clock;
        this.limits = limits;
    }

    @Override
    public void offer(JournalledMessage message) {
        if (message.recipients().size() == 1) {
            offer(message, message.recipients().getFirst().lane());
            return;
        }
        for (LaneKey key : keys(message)) {
            offer(message, key);
        }
    }

    private void offer(JournalledMessage message, LaneKey key) {
        DeliveryLane lane = lane(key);
        lane.offer(message);
        pump(lane);
    }

    private static Set<LaneKey> keys(JournalledMessage message) {
        Set<LaneKey> keys = new LinkedHashSet<>();
        message.recipients().forEach(r -> keys.add(r.lane()));
        return keys;
    }

    @Override
    public void withdraw(JournalledMessage message) {
        for (LaneKey key : keys(message)) {
            DeliveryLane lane = lanes.get(key);
            if (lane != null) {
                lane.withdraw(message);
            }
        }
    }

    @Override
    public boolean moving(JournalledMessage message) {
        Instant now = clock.instant();
        return keys(message).stream().anyMatch(key -> lane(key).moving(now));
    }

    private DeliveryLane lane(LaneKey key) {
        return lanes.computeIfAbsent(key, k -> new DeliveryLane(k, limits));
    }

    /** Begins as many attempts of the lane as may run. */
    private void pump(DeliveryLane lane) {
        Work work;
        while ((work = take(lane)) != null) {
            Work first = work;
            executor.execute(() -> work(lane, first));
        }
    }

    private @Nullable Work take(DeliveryLane lane) {
        if (stopping) {
            return null;
        }
        if (running.incrementAndGet() > limits.total()) {
            running.decrementAndGet();
            if (lane.starve()) {
                starved.add(lane);
            }
            return null;
        }
        Work work = lane.next(
                clock.instant(), tokens, claimed -> new Work(claimed, StoredContent.of(blobs, claimed.facts()), false));
        if (work == null) {
            running.decrementAndGet();
        }
        return work;
    }

    /** One attempt after another, as long as the lane has some. */
    private void work(DeliveryLane lane, Work first) {
        Work work = first;
        while (work != null) {
            run(lane, work);
            lane.done(work);
            running.decrementAndGet();
            DeliveryLane hungry = starved.poll();
            if (hungry != null) {
                hungry.fed();
                pump(hungry);
            }
            work = take(lane);
        }
    }

    private void run(DeliveryLane lane, Work work) {
        DeliveryAttempt.Result result;
        try {
            result = attempt.run(work);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "an attempt for " + work.claimed().facts().id() + " failed",
                    e);
            result = DeliveryAttempt.stumbled(work.claimed(), clock.instant(), e);
        }
        Instant now = clock.instant();
        if (result.reached()) {
            boolean wasDown = lane.failures() > 0;
            boolean wider = lane.reached(now);
            if (wasDown) {
                healthChanges.add(new LaneBackoff(lane.key(), Instant.EPOCH, 0));
            }
            if (wider) {
                pump(lane);
            }
        } else {
            down(lane, result.again(), now);
        }
        outcomes.settle(result.items());
    }

    private void down(DeliveryLane lane, Instant until, Instant now) {
        int before = lane.failures();
        lane.unreachable(now, until);
        if (lane.failures() != before) {
            healthChanges.add(new LaneBackoff(lane.key(), lane.backoffUntil(), lane.failures()));
        }
        giveBack(lane, now);
    }

    private void giveBack(DeliveryLane lane, Instant now) {
        for (Claimed claimed : lane.giveBack()) {
            outcomes.settle(DeliveryAttempt.items(claimed, i -> new DeliveryOutcome.Returned(now)));
        }
    }

    /**
     * Claims what is due and begins attempts; wakes lanes whose back-off is over.
     *
     * @param node this process, or null when the database does not know it yet
     */
    public void step(@Nullable Node node) {
        if (node != null && !stopping) {
            try {
                noteHealth();
                claim(node);
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "nothing claimed: {0}", e.getMessage());
            }
        }
        lanes.values().forEach(this::pump);
        lanes.values().removeIf(DeliveryLane::idle);
    }

    private void noteHealth() throws SQLException {
        List<LaneBackoff> changes = new ArrayList<>();
        LaneBackoff change;
        while ((change = healthChanges.poll()) != null) {
            changes.add(change);
        }
        if (!changes.isEmpty()) {
            try {
                store.backOff(changes);
            } catch (SQLException e) {
                healthChanges.addAll(changes);
                throw e;
            }
        }
    }

    private void claim(Node node) throws SQLException {
        Instant now = clock.instant();
        for (LaneKey key : store.dueLanes(now, limits.lanes())) {
            DeliveryLane lane = lane(key);
            int wanted = lane.wanted(now);
            if (wanted > 0) {
                List<Claimed> claimed = store.claim(key, now, wanted, node, tokens);
                int recipients =
                        claimed.stream().mapToInt(c -> c.recipients().size()).sum();
                lane.claimed(claimed, recipients >= wanted);
                pump(lane);
            }
        }
    }

    /** Attempts that run now. */
    public int running() {
        return running.get();
    }

    /** No further attempt begins; what was claimed and not begun goes back. Attempts under way go on. */
    public void stop() {
        stopping = true;
        Instant now = clock.instant();
        lanes.values().forEach(lane -> giveBack(lane, now));
    }
}
