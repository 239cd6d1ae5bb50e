package io.sekisho.smtp.tls;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Large buffers for records under way, shared by all connections of a context, so that an idle connection holds none. */
final class RecordBuffers {
    private final int size;
    private final Semaphore lendable;
    private final ArrayBlockingQueue<byte[]> spare;

    /** @param packet the most octets that one record can have on the wire */
    RecordBuffers(int packet, TlsLimits limits) {
        this.size = 2 * packet;
        this.lendable = new Semaphore(limits.buffers());
        this.spare = new ArrayBlockingQueue<>(limits.spareBuffers());
    }

    /** A buffer for two records, to be given back; null when as many are lent as may be. */
    byte @Nullable [] lend() {
        return lendable.tryAcquire() ? any() : null;
    }

    /** Gives back what {@link #lend} gave. */
    void giveBack(byte[] lent) {
        keep(lent);
        lendable.release();
    }

    /** A buffer for a moment: it is given to {@link #keep} before anything waits for the peer. */
    byte[] any() {
        byte[] kept = spare.poll();
        return kept == null ? new byte[size] : kept;
    }

    /** Takes a buffer that nobody needs any more. */
    void keep(byte[] buffer) {
        var _ = spare.offer(buffer);
    }
}
