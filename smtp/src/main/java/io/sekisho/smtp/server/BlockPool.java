package io.sekisho.smtp.server;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Blocks for reading content, lent while content is read, so that an idle session has none. */
final class BlockPool {
    static final int BLOCK = 32 << 10;
    private static final int KEPT = 256;

    private final Queue<byte[]> free = new ArrayBlockingQueue<>(KEPT);

    byte[] lend() {
        byte @Nullable [] block = free.poll();
        return block == null ? new byte[BLOCK] : block;
    }

    void giveBack(byte[] block) {
        free.offer(block);
    }
}
