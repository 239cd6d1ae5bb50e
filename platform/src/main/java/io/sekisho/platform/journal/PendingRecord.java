package io.sekisho.platform.journal;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A record that was handed in: its place is fixed, its octets are on their way. */
final class PendingRecord implements Journal.Append {
    private enum State {
        WAITING,
        DURABLE,
        FAILED
    }

    final Segment segment;
    final int offset;
    final int length;
    final int checksum;
    final boolean mark;
    ByteBuffer[] payload;
    private volatile State state = State.WAITING;
    private volatile String failure = "";
    private volatile @Nullable Thread waiter;

    PendingRecord(Segment segment, int offset, int length, int checksum, boolean mark, ByteBuffer[] payload) {
        this.segment = segment;
        this.offset = offset;
        this.length = length;
        this.checksum = checksum;
        this.mark = mark;
        this.payload = payload;
    }

    @Override
    public long position() {
        return segment.position(offset);
    }

    @Override
    public boolean durable() {
        return state == State.DURABLE;
    }

    void done() {
        payload = new ByteBuffer[0];
        state = State.DURABLE;
        LockSupport.unpark(waiter);
    }

    void failed(String why) {
        payload = new ByteBuffer[0];
        failure = why;
        state = State.FAILED;
        LockSupport.unpark(waiter);
    }

    @Override
    public void await() throws JournalUnavailableException, InterruptedException {
        waiter = Thread.currentThread();
        while (state == State.WAITING) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        waiter = null;
        if (state == State.FAILED) {
            throw new JournalUnavailableException(failure);
        }
    }
}
