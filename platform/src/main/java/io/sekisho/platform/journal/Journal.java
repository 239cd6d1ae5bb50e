package io.sekisho.platform.journal;

import io.sekisho.mail.message.Content;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The medium of custody: records appended in order and durable in groups. A record stays until it is released; space is freed
 * from the oldest end, as soon as all records there are released. The journal knows nothing of what its records mean.
 *
 * <p>Life: {@link #replay} once, then appends and marks from any thread.
 */
public interface Journal extends AutoCloseable {
    /**
     * Hands a record in, to be synced with others. The buffers must not be changed until the append is done.
     *
     * @return the append; {@link Append#await()} returns when the record is durable
     * @throws JournalUnavailableException at once when the record cannot be taken: bounds reached, disk full, journal failed or closed
     */
    Append append(ByteBuffer... record) throws JournalUnavailableException;

    /**
     * Hands in a small record (at most 4 KiB) that nobody waits for. It is synced with the next group, at most 100 ms later,
     * and may use the space kept back for marks, so that it finds room when the disk is full.
     *
     * @throws JournalUnavailableException when even that space is used up or the journal has failed; the caller keeps the fact in memory
     */
    Append mark(ByteBuffer record) throws JournalUnavailableException;

    /** The record is filed elsewhere and no longer needed. Idempotent. @param position of an append or a replayed record */
    void release(long position);

    /**
     * Part of a record's payload as replayable content. It can be read until the record is released; a stream opened before
     * stays good after.
     */
    Content content(long position, int offset, int length, boolean eightBit);

    /**
     * Gives every record that is still kept to the visitor, oldest first. To be called once, before the first append.
     *
     * @throws DamagedJournalException when a record before the last complete group is damaged: nothing is guessed, nothing is skipped
     */
    void replay(Visitor visitor) throws IOException;

    /** How full it is, for bounds and the operator. */
    Usage usage();

    /** Syncs what was handed in and closes. Appends that were not durable fail. */
    @Override
    void close() throws IOException;

    /** A record handed in. */
    interface Append {
        /** Its position, known at once; grows with each record. */
        long position();

        /** Returns when the record is durable. @throws JournalUnavailableException when it is not and never will be known to be */
        void await() throws JournalUnavailableException, InterruptedException;

        /** Whether the record is durable. */
        boolean durable();
    }

    /** Sees the records at start. */
    interface Visitor {
        /** One record. @param payload its octets, read-only, valid during the call */
        void record(long position, ByteBuffer payload) throws IOException;
    }

    /**
     * Fill level.
     *
     * @param bytes octets of segments in use
     * @param records records not yet released
     * @param segments files in use
     */
    record Usage(long bytes, long records, int segments) {}
}
