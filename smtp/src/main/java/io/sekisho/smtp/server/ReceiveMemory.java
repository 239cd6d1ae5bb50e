package io.sekisho.smtp.server;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that all sessions share while they receive content: blocks to read into, and room for messages. */
final class ReceiveMemory {
    /** Room that a message gets when all is taken; the rest of it goes to a file. */
    static final int LEAST_ROOM = 8 * 1024;

    private static final int SMALL_BLOCK = 4 * 1024;
    /** What a message may exceed twice its announced size by before it goes to a file: clients count in different ways. */
    private static final int ROOM_TO_SPARE = 16 * 1024;

    private final ServerLimits.Memory limits;
    private final ArrayBlockingQueue<byte[]> spare;
    private final AtomicInteger lent = new AtomicInteger();
    private final AtomicLong granted = new AtomicLong();

    ReceiveMemory(ServerLimits.Memory limits) {
        this.limits = limits;
        this.spare = new ArrayBlockingQueue<>(Math.max(1, limits.blocks()));
    }

    /** A block to read into; a small one when too many are lent. To be given back. */
    byte[] lend() {
        if (lent.incrementAndGet() > limits.blocks()) {
            lent.decrementAndGet();
            return new byte[SMALL_BLOCK];
        }
        byte[] block = spare.poll();
        return block == null ? new byte[limits.block()] : block;
    }

    /** Takes a block back. */
    void giveBack(byte[] block) {
        if (block.length == limits.block()) {
            spare.offer(block);
            lent.decrementAndGet();
        }
    }

    /**
     * Room for a message.
     *
     * @param announced the size that the client announced, 0 when it announced none
     * @return octets that may be held in memory; to be {@linkplain #release released}
     */
    int grant(long announced) {
        long wanted = limits.perMessage();
        if (announced > 0 && announced < wanted) {
            wanted = Math.min(wanted, 2 * announced + ROOM_TO_SPARE);
        }
        if (granted.addAndGet(wanted) > limits.allMessages()) {
            granted.addAndGet(LEAST_ROOM - wanted);
            return LEAST_ROOM;
        }
        return (int) wanted;
    }

    /** Gives room back. */
    void release(int room) {
        granted.addAndGet(-room);
    }

    /** Octets granted now. */
    long granted() {
        return granted.get();
    }

    /** Blocks lent now. */
    int lent() {
        return lent.get();
    }
}
