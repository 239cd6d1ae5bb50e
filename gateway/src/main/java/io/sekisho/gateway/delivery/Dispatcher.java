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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when attempts are made. Fresh messages go out at once when their lane has room; due ones are claimed from the
 * database in {@link #step}, which one thread calls about once a second.
 */
public final class Dispatcher implements FreshMail {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final Map<LaneKey, DeliveryLane> lanes = new ConcurrentHashMap<>();
    private final Queue<LaneBackoff> healthChanges = new ConcurrentLinkedQueue<>();
    private final AttemptSlots slots;
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
        this.slots = new AttemptSlots(limits);
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

    /** An attempt that has a slot. @param slow whether the slot is one of those for slow lanes */
    private record Begun(Work work, boolean slow) {}

    /** Begins as many attempts of the lane as may run. */
    private void pump(DeliveryLane lane) {
        Begun begun;
        while ((begun = take(lane)) != null) {
            start(lane, begun);
        }
    }

    private void start(DeliveryLane lane, Begun begun) {
        executor.execute(() -> work(lane, begun));
    }

    private @Nullable Begun take(DeliveryLane lane) {
        Instant now = clock.instant();
        if (stopping || !lane.ready(now)) {
            return null;
        }
        boolean slow = lane.slow(now);
        if (!slots.take(lane, slow)) {
            return null;
        }
        Work work =
                lane.next(now, tokens, claimed -> new Work(claimed, StoredContent.of(blobs, claimed.facts()), false));
        if (work == null) {
            slots.free(lane, slow);
            return null;
        }
        return new Begun(work, slow);
    }

    /** One attempt after another, as long as the lane has some and others do not wait for their turn. */
    private void work(DeliveryLane lane, Begun first) {
        Begun begun = first;
        while (begun != null) {
            Instant at = clock.instant();
            run(lane, begun.work());
            Instant now = clock.instant();
            lane.done(begun.work(), Duration.between(at, now), now);
            slots.free(lane, begun.slow());
            startThoseWaiting();
            begun = take(lane);
        }
    }

    /** Gives free slots to the lanes whose turn it is, one each. */
    private void startThoseWaiting() {
        DeliveryLane next;
        while ((next = slots.next()) != null) {
            Begun begun = take(next);
            if (begun != null) {
                start(next, begun);
                slots.await(next, begun.slow());
            }
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
        startThoseWaiting();
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

    /** Tenants with many lanes that are due have their turn in one round, and the next ones are for the others first. */
    private void claim(Node node) throws SQLException {
        Set<UUID> served = new HashSet<>();
        for (int round = 0; !stopping && round < limits.rounds(); round++) {
            List<LaneKey> due = store.dueLanes(clock.instant(), limits.lanes(), full(), served);
            Map<UUID, Integer> ofTenant = new HashMap<>();
            for (LaneKey key : due) {
                claim(lane(key), node);
                ofTenant.merge(key.tenant(), 1, Integer::sum);
            }
            if (due.size() == limits.lanes()) {
                ofTenant.values().removeIf(n -> n <= limits.lanesOfTenant());
                served.addAll(ofTenant.keySet());
            } else if (served.isEmpty()) {
                return;
            } else {
                served.clear();
            }
        }
    }

    /** Lanes that have enough: they are not asked about, or they would be all that is looked at. */
    private List<UUID> full() {
        return lanes.values().stream()
                .filter(DeliveryLane::full)
                .map(DeliveryLane::id)
                .toList();
    }

    private void claim(DeliveryLane lane, Node node) throws SQLException {
        Instant now = clock.instant();
        int wanted = lane.wanted(now);
        if (wanted == 0) {
            return;
        }
        List<Claimed> claimed = store.claim(lane.key(), now, wanted, node, tokens);
        int recipients = claimed.stream().mapToInt(c -> c.recipients().size()).sum();
        LOG.log(
                System.Logger.Level.DEBUG,
                "claimed {0} of {1} in {2} us",
                recipients,
                lane.key().to(),
                Duration.between(now, clock.instant()).toNanos() / 1000);
        lane.claimed(claimed, recipients >= wanted);
        pump(lane);
    }

    /** Attempts that run now. */
    public int running() {
        return slots.running();
    }

    /** No further attempt begins; what was claimed and not begun goes back. Attempts under way go on. */
    public void stop() {
        stopping = true;
        Instant now = clock.instant();
        lanes.values().forEach(lane -> giveBack(lane, now));
    }
}
