package io.sekisho.app.simulation;

import io.sekisho.gateway.delivery.DeliveryLimits;
import io.sekisho.gateway.delivery.Dispatcher;
import io.sekisho.gateway.delivery.NextHops;
import io.sekisho.gateway.delivery.Way;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.spool.Custody;
import io.sekisho.gateway.spool.Spool;
import io.sekisho.gateway.spool.SpoolLimits;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.platform.journal.JournalUnavailableException;
import io.sekisho.platform.journal.SegmentJournal;
import io.sekisho.smtp.client.NextHop;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The product's custody and delivery on a simulated disk, network, clock and blob store, with real PostgreSQL behind a
 * connection that can fail. One thread, one seed: the same seed is the same story.
 */
final class World {
    static final UUID TENANT = new UUID(0, 7);
    static final SpoolLimits LIMITS = new SpoolLimits(
            4096,
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofHours(6),
            40,
            Duration.ofMillis(500),
            Duration.ofSeconds(1));

    final RandomGenerator random;
    final Faults faults;
    final StepClock clock = new StepClock();
    final SimulatedDatabase database;
    final SimulatedMedium medium;
    final SimulatedBlobs blobs;
    final SimulatedNetwork network;

    private final List<Runnable> attempts = new ArrayList<>();
    private final List<Pending> offered = new ArrayList<>();
    private final Map<UUID, Message> messages = new HashMap<>();
    /** Everything that was answered 250: sender and recipient. */
    final Set<String> acknowledged = new TreeSet<>();

    private int made;
    int crashes;
    private SegmentJournal segments;
    private RecordingJournal journal;
    private Custody custody;
    private Spool spool;
    private Dispatcher dispatcher;

    private record Message(String sender, List<Recipient> recipients) {}

    private record Pending(Spool.Offered offer, Message message) {}

    World(long seed, SimulatedDatabase database) throws IOException {
        this.random = new java.util.SplittableRandom(seed);
        this.faults = new Faults(random);
        this.database = database;
        this.medium = new SimulatedMedium(random, faults);
        this.blobs = new SimulatedBlobs(faults);
        this.network = new SimulatedNetwork(faults);
        database.empty(faults);
        boot();
    }

    /** The program starts: everything it had in memory is new. */
    private void boot() throws IOException {
        attempts.clear();
        offered.clear();
        segments = medium.journal(clock);
        journal = new RecordingJournal(segments, faults, this::forgotten);
        QueueStore store = new QueueStore(database.dataSource());
        RetrySchedule schedule = new RetrySchedule(Duration.ofDays(10));
        custody = new Custody(journal, blobs, store, clock, LIMITS, schedule, event -> {}, new DirectExecutor());
        dispatcher = new Dispatcher(
                "gate.test",
                network,
                World::hops,
                schedule,
                custody.outcomes(),
                store,
                blobs,
                attempts::add,
                () -> new UUID(random.nextLong(), random.nextLong()),
                event -> {},
                clock,
                new DeliveryLimits(
                        3,
                        2,
                        8,
                        Duration.ofSeconds(3),
                        10,
                        20,
                        3,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5),
                        100,
                        Duration.ofSeconds(2)));
        spool = custody.open(dispatcher, "n1");
    }

    /** Each destination has one server, except the last, which has a second one to fall back on. */
    private static NextHops.Found hops(LaneKey lane) {
        Way first = Way.to(new NextHop(lane.to().domain(), 25));
        return new NextHops.Found.Hops(
                lane.to().domain().startsWith("mx2")
                        ? List.of(first, Way.to(new NextHop("mx1.example", 25)))
                        : List.of(first));
    }

    private void forgotten(UUID id) {
        Message message = messages.get(id);
        if (message != null) {
            for (Recipient r : message.recipients()) {
                network.arrival(SimulatedNetwork.key(message.sender(), r.mailbox())).explained++;
            }
        }
    }

    /** The power fails: what was not synced may be gone, memory is gone, open transactions are rolled back. */
    void crash() throws IOException {
        crashes++;
        faults.cutAfter(-1);
        journal.powerFailed();
        network.powerFailed();
        medium.crash();
        while (true) {
            try {
                boot();
                return;
            } catch (PowerCut again) {
                medium.crash();
            }
        }
    }

    void offer(int recipients, int octets, boolean gone) throws IOException {
        String sender = "m" + ++made;
        List<Recipient> list = new ArrayList<>();
        for (int i = 0; i < recipients; i++) {
            String host = "mx" + random.nextInt(3) + ".example";
            String user = (gone && i == 0 ? "gone" : "user") + i;
            list.add(new Recipient(
                    i, new Mailbox(user, "hakone.example"), new LaneKey(TENANT, new Destination.Customer(host))));
        }
        byte[] content = ("X-Simulated: " + sender + "\r\n\r\n" + "x".repeat(octets) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        network.expect(sender, SimulatedNetwork.checksum(content, 0));
        Instant now = clock.instant();
        UUID id = new UUID(now.toEpochMilli() << 16 | 0x7000, random.nextLong() >>> 2 | Long.MIN_VALUE);
        MailFacts facts = new MailFacts(
                id,
                now,
                TENANT,
                InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}),
                "client.example",
                true,
                "",
                new ReversePath.Of(new Mailbox(sender, "sender.example")),
                content.length,
                false);
        Message message = new Message(sender, List.copyOf(list));
        messages.put(id, message);
        try {
            offered.add(
                    new Pending(spool.offer(facts, list, new MemoryContent(content, content.length, false)), message));
        } catch (JournalUnavailableException | IOException e) {
            messages.remove(id);
        }
    }

    /** The writer's thread runs once; nobody who waited for it hears of that. */
    void syncUnheard() throws IOException {
        segments.step();
    }

    /** The writer's thread runs once, and whoever waited for the sync goes on. */
    void sync() throws IOException {
        segments.step();
        List<Pending> waiting = List.copyOf(offered);
        offered.clear();
        for (Pending pending : waiting) {
            try {
                pending.offer().await();
                for (Recipient r : pending.message().recipients()) {
                    acknowledged.add(SimulatedNetwork.key(pending.message().sender(), r.mailbox()));
                }
            } catch (JournalUnavailableException e) {
                // answered 451: the client keeps it
            }
        }
    }

    boolean attempt() {
        if (attempts.isEmpty()) {
            return false;
        }
        attempts.remove(random.nextInt(attempts.size())).run();
        return true;
    }

    void file(boolean everything) {
        custody.step(everything);
    }

    void dispatch() {
        dispatcher.step(custody.node());
    }

    int unfiled() {
        return custody.unfiled();
    }

    long journalRecords() {
        return journal.usage().records();
    }

    @Nullable
    String nodeName() {
        return custody.node() == null ? null : custody.node().name();
    }

    /** All faults end, and the program runs until nothing is left to do; then once more after a start, which sweeps. */
    void heal() throws IOException {
        calm();
        crash();
        calm();
    }

    private void calm() throws IOException {
        faults.cutAfter(-1);
        faults.quiet = true;
        faults.databaseDown = false;
        faults.blobsFail = false;
        medium.heal();
        database.heal();
        network.heal();
        for (int round = 0; round < 400; round++) {
            clock.advance(Duration.ofMinutes(round < 20 ? 1 : 30));
            sync();
            file(false);
            dispatch();
            while (attempt()) {
                // until none is left
            }
            sync();
            if (custody.unfiled() == 0 && database.open() == 0) {
                break;
            }
        }
        clock.advance(Duration.ofMinutes(5));
        for (int i = 0; i < 10; i++) {
            sync();
            file(true);
            clock.advance(Duration.ofSeconds(30));
        }
    }
}
