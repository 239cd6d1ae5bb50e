package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.CommitInDoubtException;
import io.sekisho.gateway.queue.Filing;
import io.sekisho.gateway.queue.Node;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.Settlement;
import io.sekisho.platform.journal.Journal;
import io.sekisho.platform.journal.JournalUnavailableException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the journal holds to the database, in batches, each message once: with its end when it ended soon, else with
 * its body in the blob store and open rows. A step machine: one thread calls {@link #step}.
 */
final class Filer {
    private static final System.Logger LOG = System.getLogger(Filer.class.getName());
    private static final int LOOK_UP = 1000;

    private final Journal journal;
    private final Bodies bodies;
    private final Unfiled unfiled;
    private final Settlements settlements;
    private final FreshMail fresh;
    private final QueueStore store;
    private final InstantSource clock;
    private final SpoolLimits limits;
    private final String nodeName;

    /** Messages of which it is not known whether their rows were written. */
    private List<JournalledMessage> inDoubt;

    private volatile @Nullable Node node;
    private volatile boolean databaseDown;
    private Instant retryAt = Instant.EPOCH;

    Filer(
            Journal journal,
            Bodies bodies,
            Unfiled unfiled,
            Settlements settlements,
            FreshMail fresh,
            QueueStore store,
            InstantSource clock,
            SpoolLimits limits,
            String nodeName,
            List<JournalledMessage> replayed) {
        this.journal = journal;
        this.bodies = bodies;
        this.unfiled = unfiled;
        this.settlements = settlements;
        this.fresh = fresh;
        this.store = store;
        this.clock = clock;
        this.limits = limits;
        this.nodeName = nodeName;
        this.inDoubt = new ArrayList<>(replayed);
    }

    /** This process as leases name it; null until the database has answered and all that was in the journal is looked up. */
    @Nullable
    Node node() {
        return node;
    }

    boolean databaseDown() {
        return databaseDown;
    }

    /**
     * Files and settles what is ready.
     *
     * @param everything also what would rather wait for its end, as when the program stops
     * @return whether there may be more at once
     */
    boolean step(boolean everything) {
        if (clock.instant().isBefore(retryAt)) {
            return false;
        }
        try {
            if (databaseDown) {
                store.ping();
            }
            lookUp();
            Node self = node;
            if (self == null) {
                settleAll();
                self = store.boot(nodeName);
                node = self;
            }
            boolean more = file(self, everything);
            settleAll();
            recovered();
            return more;
        } catch (SQLException e) {
            failed(e);
            return false;
        }
    }

    private void recovered() {
        if (databaseDown) {
            databaseDown = false;
            LOG.log(System.Logger.Level.INFO, "the database takes mail again");
        }
    }

    private void failed(SQLException e) {
        Instant now = clock.instant();
        retryAt = now.plus(limits.retry());
        if (!databaseDown) {
            databaseDown = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the database does not take mail; it stays in the journal and is delivered from there: {0}",
                    e.getMessage());
        }
        for (Iterator<JournalledMessage> i = unfiled.byAge(); i.hasNext(); ) {
            JournalledMessage message = i.next();
            if (message.retry(now)) {
                fresh.offer(message);
            }
        }
    }

    /** Whether the rows of doubtful messages are there. */
    private void lookUp() throws SQLException {
        while (!inDoubt.isEmpty()) {
            List<JournalledMessage> part = inDoubt.subList(0, Math.min(LOOK_UP, inDoubt.size()));
            Set<UUID> there =
                    store.filed(part.stream().map(JournalledMessage::facts).toList());
            List<JournalledMessage> known = new ArrayList<>();
            for (JournalledMessage message : part) {
                if (there.contains(message.facts().id())) {
                    known.add(message);
                } else {
                    message.notFiled(false);
                    unfiled.changed(message);
                    fresh.offer(message);
                }
            }
            finish(known);
            inDoubt = new ArrayList<>(inDoubt.subList(part.size(), inDoubt.size()));
        }
    }

    private boolean file(Node self, boolean everything) throws SQLException {
        Map<UUID, JournalledMessage> batch = gather(everything);
        if (batch.isEmpty()) {
            return false;
        }
        List<Filing> filings = new ArrayList<>(batch.size());
        batch.values().forEach(message -> filings.add(message.beginFiling()));
        Set<UUID> unstored = bodies.store(filings.stream()
                .filter(Filing::keepsBody)
                .map(f -> batch.get(f.facts().id()))
                .toList());
        for (UUID id : unstored) {
            putBack(List.of(batch.get(id)));
            batch.remove(id);
        }
        filings.removeIf(f -> unstored.contains(f.facts().id()));
        write(self, batch, filings);
        return batch.size() >= limits.batch();
    }

    private void write(Node self, Map<UUID, JournalledMessage> batch, List<Filing> filings) throws SQLException {
        List<JournalledMessage> messages = List.copyOf(batch.values());
        try {
            store.file(filings, self);
            finish(messages);
        } catch (CommitInDoubtException e) {
            messages.forEach(message -> message.notFiled(true));
            inDoubt.addAll(messages);
            throw e;
        } catch (SQLException e) {
            if (ofTheData(e) && filings.size() > 1) {
                for (Filing filing : filings) {
                    UUID id = filing.facts().id();
                    write(self, Map.of(id, batch.get(id)), List.of(filing));
                }
                return;
            }
            putBack(messages);
            if (!ofTheData(e)) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.ERROR,
                    "message {0} cannot be written to the database and stays in the journal: {1}",
                    filings.getFirst().facts().id(),
                    e.getMessage());
        }
    }

    /** The statement was at fault, not the server: the same message would fail again, others would not. */
    private static boolean ofTheData(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    private void putBack(List<JournalledMessage> messages) {
        for (JournalledMessage message : messages) {
            message.notFiled(false);
            unfiled.changed(message);
            fresh.offer(message);
        }
    }

    private Map<UUID, JournalledMessage> gather(boolean everything) {
        Map<UUID, JournalledMessage> batch = new LinkedHashMap<>();
        JournalledMessage next;
        while (batch.size() < limits.batch() && (next = unfiled.nextEnded()) != null) {
            take(batch, next);
        }
        while (batch.size() < limits.batch() && (next = unfiled.nextDeferred()) != null) {
            take(batch, next);
        }
        Instant now = clock.instant();
        for (Iterator<JournalledMessage> i = unfiled.byAge(); i.hasNext() && batch.size() < limits.batch(); ) {
            JournalledMessage message = i.next();
            if (message.stage() == JournalledMessage.Stage.FILED) {
                i.remove();
            } else if (everything || waitedEnough(message, now)) {
                take(batch, message);
            } else if (now.isBefore(message.facts().receivedAt().plus(limits.immediate()))) {
                break;
            }
        }
        return batch;
    }

    private boolean waitedEnough(JournalledMessage message, Instant now) {
        Instant received = message.facts().receivedAt();
        return !now.isBefore(received.plus(limits.patience()))
                || !now.isBefore(received.plus(limits.immediate())) && !fresh.moving(message);
    }

    private static void take(Map<UUID, JournalledMessage> batch, JournalledMessage message) {
        if (message.stage() == JournalledMessage.Stage.JOURNALLED) {
            batch.put(message.facts().id(), message);
        }
    }

    /** The messages' rows are committed: their place in the journal can go. */
    private void finish(List<JournalledMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        for (JournalledMessage message : messages) {
            List<Settlement.Item> late = message.filed();
            unfiled.remove(message);
            fresh.withdraw(message);
            if (!late.isEmpty()) {
                settlements.add(new Settlement(Settlement.UNMARKED, late));
            }
        }
        markFiled(messages.stream().map(message -> message.facts().id()).toList());
        for (JournalledMessage message : messages) {
            journal.release(message.position());
            message.marks().forEach(journal::release);
        }
    }

    /** Only saves the next start some looking up. */
    private void markFiled(List<UUID> ids) {
        try {
            for (ByteBuffer mark : RecordCodec.filed(ids)) {
                journal.release(journal.mark(mark).position());
            }
        } catch (JournalUnavailableException e) {
            LOG.log(System.Logger.Level.DEBUG, "no room for a mark of filing: {0}", e.getMessage());
        }
    }

    private void settleAll() throws SQLException {
        while (!settlements.isEmpty()) {
            List<Settlement> taken = settlements.take(limits.batch());
            try {
                store.settle(taken.stream().flatMap(s -> s.items().stream()).toList());
            } catch (SQLException e) {
                taken.forEach(settlements::add);
                throw e;
            }
            for (Settlement settlement : taken) {
                if (settlement.position() != Settlement.UNMARKED) {
                    journal.release(settlement.position());
                }
            }
        }
    }

    /** What is unfiled, for a stop to wait for. */
    int left() {
        return unfiled.size() + (settlements.isEmpty() ? 0 : 1);
    }
}
