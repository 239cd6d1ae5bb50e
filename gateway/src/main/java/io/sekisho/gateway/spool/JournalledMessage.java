package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.Filing;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.queue.Settlement;
import io.sekisho.mail.message.Content;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message in custody that is not in the database yet. Its recipients are delivered from here; when it is filed, what is
 * left goes on from the database. All methods are safe from any thread.
 */
public final class JournalledMessage {
    /** Where a message stands between journal and database. */
    enum Stage {
        /** In the journal alone. */
        JOURNALLED,
        /** Rows are being written: no attempt begins. */
        FILING,
        /** The answer to the commit was lost: no attempt begins until the filer has looked. */
        IN_DOUBT,
        /** In the database. */
        FILED
    }

    private final MailFacts facts;
    private final List<Recipient> recipients;
    private final Instant expires;
    private final Content journalled;
    private final Content blob;
    private boolean inBlob;
    /** A start before this one may have copied the body: then it must be buried. */
    private boolean mayHaveBody;

    private final long position;
    private final @Nullable UUID[] leases;
    private final int[] attempts;
    private final @Nullable DeliveryOutcome[] outcomes;
    /** Outcomes that the rows being written do not know. */
    private final @Nullable UUID[] lateLeases;

    private final List<Long> marks = new ArrayList<>(1);
    private Stage stage = Stage.JOURNALLED;

    JournalledMessage(
            MailFacts facts,
            List<Recipient> recipients,
            Instant expires,
            long position,
            Content journalled,
            Content blob,
            boolean inBlob) {
        this.facts = facts;
        this.recipients = List.copyOf(recipients);
        this.expires = expires;
        this.position = position;
        this.journalled = journalled;
        this.blob = blob;
        this.inBlob = inBlob;
        int n = recipients.size();
        this.leases = new @Nullable UUID[n];
        this.lateLeases = new @Nullable UUID[n];
        this.attempts = new int[n];
        this.outcomes = new @Nullable DeliveryOutcome[n];
    }

    /** The message. */
    public MailFacts facts() {
        return facts;
    }

    /** All its recipients. */
    public List<Recipient> recipients() {
        return recipients;
    }

    synchronized boolean inBlob() {
        return inBlob;
    }

    /** Its body has been copied to the blob store. */
    synchronized void bodyStored() {
        inBlob = true;
    }

    long position() {
        return position;
    }

    /** The content, from wherever it is at the moment of {@link Content#open()}. */
    public Content content() {
        return new Content() {
            @Override
            public long size() {
                return facts.size();
            }

            @Override
            public boolean eightBit() {
                return facts.eightBit();
            }

            @Override
            public InputStream open() throws IOException {
                return openContent();
            }
        };
    }

    /** Under the lock, so that the journal's space is not given away between the look and the opening. */
    private synchronized InputStream openContent() throws IOException {
        return inBlob || stage == Stage.FILED ? blob.open() : journalled.open();
    }

    /** The octets in the journal, to be copied to the blob store. */
    Content journalled() {
        return journalled;
    }

    /**
     * Leases the lane's recipients that wait for a first attempt.
     *
     * @param token to settle with
     * @return null when none waits, or the message is on its way to the database
     */
    public synchronized @Nullable Claimed lease(LaneKey lane, UUID token) {
        if (stage != Stage.JOURNALLED) {
            return null;
        }
        List<Recipient> taken = new ArrayList<>(1);
        List<Integer> before = new ArrayList<>(1);
        for (Recipient r : recipients) {
            int i = r.number();
            if (leases[i] == null && outcomes[i] == null && r.lane().equals(lane)) {
                leases[i] = token;
                taken.add(r);
                before.add(attempts[i]);
            }
        }
        return taken.isEmpty() ? null : new Claimed(facts, token, lane, taken, before, expires);
    }

    /**
     * Takes the outcome of an attempt.
     *
     * @param mark position of the journal mark that keeps it, or {@link Settlement#UNMARKED}
     * @return false when the message is filed: the outcome belongs to the database
     */
    synchronized boolean apply(List<Settlement.Item> items, long mark) {
        if (stage == Stage.FILED) {
            return false;
        }
        for (Settlement.Item item : items) {
            int i = item.recipient();
            if (item.lease().equals(leases[i])) {
                if (stage != Stage.JOURNALLED) {
                    lateLeases[i] = leases[i];
                }
                leases[i] = null;
                boolean returned = item.outcome() instanceof DeliveryOutcome.Returned;
                outcomes[i] = returned ? null : item.outcome();
                attempts[i] = item.attempts();
            }
        }
        if (mark != Settlement.UNMARKED) {
            marks.add(mark);
        }
        return true;
    }

    /** Takes an outcome that the journal replays. The rows, if they were written, may know it or not. */
    synchronized void replay(Settlement.Item item, long mark) {
        outcomes[item.recipient()] = item.outcome() instanceof DeliveryOutcome.Returned ? null : item.outcome();
        attempts[item.recipient()] = item.attempts();
        lateLeases[item.recipient()] = item.lease();
        marks.add(mark);
    }

    /** Read back from the journal: whether its rows were written is to be looked up before anything else is done with it. */
    synchronized void inDoubt() {
        stage = Stage.IN_DOUBT;
        mayHaveBody = true;
    }

    /** Whether every recipient has ended. */
    synchronized boolean ended() {
        for (DeliveryOutcome outcome : outcomes) {
            if (outcome == null || !outcome.ends()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a recipient was put off, so that it belongs in the queue. */
    synchronized boolean deferred() {
        for (DeliveryOutcome outcome : outcomes) {
            if (outcome instanceof DeliveryOutcome.Deferred) {
                return true;
            }
        }
        return false;
    }

    /** Recipients whose next attempt is due wait again. @return whether there are any */
    synchronized boolean retry(Instant now) {
        boolean any = false;
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] instanceof DeliveryOutcome.Deferred d && !d.next().isAfter(now)) {
                outcomes[i] = null;
                any = true;
            }
        }
        return any;
    }

    synchronized Stage stage() {
        return stage;
    }

    /** What is to be written. From here until {@link #notFiled} or {@link #filed} no attempt begins. */
    synchronized Filing beginFiling() {
        stage = Stage.FILING;
        java.util.Arrays.fill(lateLeases, null);
        List<Filing.Row> rows = new ArrayList<>(recipients.size());
        for (Recipient r : recipients) {
            int i = r.number();
            rows.add(new Filing.Row(r, attempts[i], leases[i], outcomes[i]));
        }
        Filing filing = new Filing(facts, inBlob || mayHaveBody, rows, expires);
        return filing.keepsBody() ? new Filing(facts, true, rows, expires) : filing;
    }

    /** Nothing was written, or perhaps it was. */
    synchronized void notFiled(boolean inDoubt) {
        stage = inDoubt ? Stage.IN_DOUBT : Stage.JOURNALLED;
    }

    /**
     * The rows are there.
     *
     * @return outcomes that came while they were being written, which they do not know
     */
    synchronized List<Settlement.Item> filed() {
        stage = Stage.FILED;
        List<Settlement.Item> late = new ArrayList<>();
        for (Recipient r : recipients) {
            int i = r.number();
            UUID lease = lateLeases[i];
            if (lease != null) {
                DeliveryOutcome outcome = outcomes[i];
                late.add(new Settlement.Item(
                        facts.id(),
                        i,
                        lease,
                        attempts[i],
                        outcome == null ? new DeliveryOutcome.Returned(facts.receivedAt()) : outcome));
            }
        }
        return late;
    }

    /** The marks that keep its outcomes; they are needed until the database has them. */
    synchronized List<Long> marks() {
        return List.copyOf(marks);
    }
}
