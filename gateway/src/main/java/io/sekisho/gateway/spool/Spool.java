package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.platform.blob.BlobStore;
import io.sekisho.platform.journal.Journal;
import io.sekisho.platform.journal.JournalUnavailableException;
import io.sekisho.smtp.server.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Takes messages into custody: one record in the journal, then a receipt. The only maker of receipts. */
public final class Spool {
    private final Journal journal;
    private final BlobStore blobs;
    private final Unfiled unfiled;
    private final FreshMail fresh;
    private final MailLog log;
    private final InstantSource clock;
    private final SpoolLimits limits;
    private final RetrySchedule schedule;

    Spool(
            Journal journal,
            BlobStore blobs,
            Unfiled unfiled,
            FreshMail fresh,
            MailLog log,
            InstantSource clock,
            SpoolLimits limits,
            RetrySchedule schedule) {
        this.journal = journal;
        this.blobs = blobs;
        this.unfiled = unfiled;
        this.fresh = fresh;
        this.log = log;
        this.clock = clock;
        this.limits = limits;
        this.schedule = schedule;
    }

    /**
     * Takes a message into custody. When this returns, it is durable, and delivery has begun.
     *
     * @param content a file is moved away when it becomes a blob
     * @throws JournalUnavailableException when it cannot be taken now: the client keeps it
     * @throws IOException when its blob cannot be written: likewise
     */
    public Receipt accept(MailFacts facts, List<Recipient> recipients, Content content)
            throws JournalUnavailableException, IOException {
        return offer(facts, recipients, content).await();
    }

    /** The first half of {@link #accept}: the record is handed to the journal. */
    public Offered offer(MailFacts facts, List<Recipient> recipients, Content content)
            throws JournalUnavailableException, IOException {
        Instant oldest = unfiled.oldest();
        if (oldest != null && oldest.plus(limits.age()).isBefore(clock.instant())) {
            throw new JournalUnavailableException(
                    "the database has not taken mail for longer than " + limits.age() + ": see to the database");
        }
        boolean inBlob = content.size() > limits.contentInJournal();
        ByteBuffer head = RecordCodec.accepted(facts, recipients, inBlob);
        int contentOffset = head.remaining();
        if (!inBlob) {
            Journal.Append append = journal.append(head, octets(content));
            return new Offered(facts, recipients, append, contentOffset, false);
        }
        blobs.put(facts.id(), content);
        try {
            return new Offered(facts, recipients, journal.append(head), contentOffset, true);
        } catch (JournalUnavailableException e) {
            blobs.delete(facts.id());
            throw e;
        }
    }

    private static ByteBuffer octets(Content content) throws IOException {
        if (content instanceof MemoryContent memory) {
            return ByteBuffer.wrap(memory.array(), 0, Math.toIntExact(memory.size()));
        }
        try (InputStream in = content.open()) {
            return ByteBuffer.wrap(in.readAllBytes());
        }
    }

    /** The message as the journal holds it. */
    JournalledMessage journalled(
            MailFacts facts, List<Recipient> recipients, long position, int contentOffset, boolean inBlob)
            throws IOException {
        Content blob = StoredContent.of(blobs, facts);
        Content journalled = inBlob
                ? blob
                : journal.content(position, contentOffset, Math.toIntExact(facts.size()), facts.eightBit());
        return new JournalledMessage(
                facts, recipients, schedule.expires(facts.receivedAt()), position, journalled, blob, inBlob);
    }

    /** A message whose record is on its way to the disk. */
    public final class Offered {
        private final MailFacts facts;
        private final List<Recipient> recipients;
        private final Journal.Append append;
        private final int contentOffset;
        private final boolean inBlob;

        private Offered(
                MailFacts facts, List<Recipient> recipients, Journal.Append append, int contentOffset, boolean inBlob) {
            this.facts = facts;
            this.recipients = List.copyOf(recipients);
            this.append = append;
            this.contentOffset = contentOffset;
            this.inBlob = inBlob;
        }

        /** Waits for the sync. @throws JournalUnavailableException when the record is not durable and never will be known to be */
        public Receipt await() throws JournalUnavailableException, IOException {
            awaitUninterruptibly();
            JournalledMessage message = journalled(facts, recipients, append.position(), contentOffset, inBlob);
            unfiled.add(message);
            log.record(new MailEvent.Accepted(
                    clock.instant(),
                    facts.id(),
                    facts.tenant(),
                    facts.peer().getHostAddress(),
                    facts.reversePath().toString(),
                    recipients.stream().map(Recipient::mailbox).toList(),
                    facts.size(),
                    facts.tls()));
            fresh.offer(message);
            return new StoredReceipt(facts.id());
        }

        /** A sync takes milliseconds, and once it is done the message is ours: an interrupt must not make us forget it. */
        private void awaitUninterruptibly() throws JournalUnavailableException {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        append.await();
                        return;
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
