package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.Node;
import io.sekisho.gateway.queue.Outcomes;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.platform.blob.BlobStore;
import io.sekisho.platform.journal.Journal;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All that keeps a message from its 250 to its row: journal, spool, settlements, filer. Made first, then opened with whoever
 * delivers, then started. The simulation calls {@link #step} instead of starting it.
 */
public final class Custody {
    private static final System.Logger LOG = System.getLogger(Custody.class.getName());
    private static final int PARTITION_DAYS = 14;
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);

    private final Journal journal;
    private final BlobStore blobs;
    private final QueueStore store;
    private final InstantSource clock;
    private final SpoolLimits limits;
    private final RetrySchedule schedule;
    private final MailLog log;
    private final Unfiled unfiled = new Unfiled();
    private final Settlements settlements;
    private final Bodies bodies;
    private final Semaphore wake = new Semaphore(0);
    private @Nullable Filer filer;
    private @Nullable Thread thread;
    private volatile boolean stopping;
    private Instant openedAt = Instant.EPOCH;
    private Instant housekeepingAt = Instant.EPOCH;
    private LocalDate partitionsTo = LocalDate.EPOCH;
    private boolean swept;

    /** @param bodyWriters run the copying of bodies to the blob store */
    public Custody(
            Journal journal,
            BlobStore blobs,
            QueueStore store,
            InstantSource clock,
            SpoolLimits limits,
            RetrySchedule schedule,
            MailLog log,
            ExecutorService bodyWriters) {
        this.journal = journal;
        this.blobs = blobs;
        this.store = store;
        this.clock = clock;
        this.limits = limits;
        this.schedule = schedule;
        this.log = log;
        this.settlements = new Settlements(journal, unfiled, limits.batch(), wake::release);
        this.bodies = new Bodies(blobs, store, unfiled, bodyWriters);
    }

    /** Where outcomes of attempts go. */
    public Outcomes outcomes() {
        return settlements;
    }

    /**
     * Replays the journal.
     *
     * @param fresh delivers; gets its first messages when the first {@link #step} has looked them up
     * @return the spool, ready to accept
     * @throws io.sekisho.platform.journal.DamagedJournalException when the journal cannot be trusted
     */
    public Spool open(FreshMail fresh, String nodeName) throws IOException {
        openedAt = clock.instant();
        Spool made = new Spool(journal, blobs, unfiled, fresh, log, clock, limits, schedule);
        Replay replay = new Replay(journal, made);
        List<JournalledMessage> replayed = replay.run();
        replayed.forEach(unfiled::add);
        replay.settlements().forEach(settlements::add);
        if (!replayed.isEmpty()) {
            LOG.log(System.Logger.Level.INFO, "{0} messages taken back from the journal", replayed.size());
        }
        filer = new Filer(journal, bodies, unfiled, settlements, fresh, store, clock, limits, nodeName, replayed);
        return made;
    }

    private Filer opened() {
        Filer f = filer;
        if (f == null) {
            throw new IllegalStateException("custody is not open");
        }
        return f;
    }

    /** This process as leases name it; null until the database knows it and everything replayed is looked up. */
    public @Nullable Node node() {
        return opened().node();
    }

    /** The messages that are in the journal alone. */
    public int unfiled() {
        return unfiled.size();
    }

    /** Whether the database took what was brought to it last. */
    public boolean databaseUp() {
        return !opened().databaseDown();
    }

    /** Files and settles once. @param everything also what might still end soon @return whether there may be more at once */
    public boolean step(boolean everything) {
        Filer f = opened();
        boolean more = f.step(everything);
        Instant now = clock.instant();
        if (f.node() != null && !f.databaseDown() && !now.isBefore(housekeepingAt)) {
            housekeepingAt = now.plus(HOUSEKEEPING);
            try {
                housekeep(now);
            } catch (SQLException | IOException e) {
                LOG.log(System.Logger.Level.WARNING, "housekeeping put off: {0}", e.getMessage());
            }
        }
        return more;
    }

    private void housekeep(Instant now) throws SQLException, IOException {
        LocalDate until = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(PARTITION_DAYS);
        if (partitionsTo.isBefore(until)) {
            for (LocalDate day = until.minusDays(PARTITION_DAYS); !day.isAfter(until); day = day.plusDays(1)) {
                store.ensurePartition(day);
            }
            partitionsTo = until;
        }
        store.reap();
        bodies.bury();
        if (!swept) {
            swept = true;
            int orphans = bodies.sweep(openedAt);
            if (orphans > 0) {
                LOG.log(System.Logger.Level.INFO, "{0} bodies without a message deleted", orphans);
            }
        }
    }

    /** Runs the steps in a thread of its own. */
    public void start() {
        Thread t = Thread.ofPlatform().name("filer").unstarted(this::run);
        thread = t;
        t.start();
    }

    private void run() {
        while (!stopping) {
            try {
                if (!step(false)) {
                    boolean early = wake.tryAcquire(limits.interval().toMillis(), TimeUnit.MILLISECONDS);
                    if (early) {
                        wake.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "the filer stumbled and goes on", e);
            }
        }
    }

    /**
     * Files what there is and stops. Called when nothing accepts or delivers any more.
     *
     * @param atMost how long to try; what is not filed by then stays in the journal for the next start
     * @return the number of messages left in the journal
     */
    public int stop(Duration atMost) throws InterruptedException {
        stopping = true;
        wake.release();
        Thread t = thread;
        if (t != null) {
            t.join();
        }
        Instant end = clock.instant().plus(atMost);
        Filer f = opened();
        while (f.left() > 0 && clock.instant().isBefore(end)) {
            if (!f.step(true) && f.left() > 0) {
                boolean woken = wake.tryAcquire(limits.interval().toMillis(), TimeUnit.MILLISECONDS);
                LOG.log(System.Logger.Level.DEBUG, "filing the rest, woken {0}", woken);
            }
        }
        return unfiled.size();
    }
}
