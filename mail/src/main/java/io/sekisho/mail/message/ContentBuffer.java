package io.sekisho.mail.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes octets as they arrive and makes a {@link Content} of them: in memory up to a limit, beyond it in a file. Closing a
 * buffer that was not finished deletes what it wrote. Not for use by two threads.
 */
public final class ContentBuffer implements AutoCloseable {
    private final int memoryLimit;
    private final Path directory;
    private byte[] memory;
    private int inMemory;
    private long size;
    private boolean eightBit;
    private boolean finished;
    private @Nullable Path file;
    private @Nullable OutputStream out;

    /**
     * An empty buffer.
     *
     * @param memoryLimit octets held in memory before a file is made
     * @param expected octets that the sender announced, 0 when it announced none; sizes the first array
     * @param directory where the file is made; must be on the file system of the blob store, so that moving it there is a rename
     */
    public ContentBuffer(int memoryLimit, long expected, Path directory) {
        this.memoryLimit = memoryLimit;
        this.directory = directory;
        this.memory = new byte[Math.clamp(expected, 4096, Math.max(4096, memoryLimit))];
    }

    /** Adds octets. @throws IOException when the file cannot be written, as on a full disk */
    public void write(byte[] from, int offset, int length) throws IOException {
        int ored = 0;
        for (int i = offset; i < offset + length; i++) {
            ored |= from[i];
        }
        eightBit |= ored < 0;
        size += length;
        if (out == null && size > memoryLimit) {
            spill();
        }
        if (out != null) {
            out.write(from, offset, length);
            return;
        }
        if (inMemory + length > memory.length) {
            memory = Arrays.copyOf(memory, Math.max(inMemory + length, Math.min(memoryLimit, memory.length * 2)));
        }
        System.arraycopy(from, offset, memory, inMemory, length);
        inMemory += length;
    }

    private void spill() throws IOException {
        Path made = Files.createTempFile(directory, "incoming-", ".part");
        file = made;
        OutputStream opened = Files.newOutputStream(made);
        out = opened;
        opened.write(memory, 0, inMemory);
        memory = new byte[0];
    }

    /** The number of octets so far. */
    public long size() {
        return size;
    }

    /** The content; the buffer takes no more. The caller owns the file, if there is one. @throws IOException when it cannot be written out */
    public Content finish() throws IOException {
        Path made = file;
        if (out != null && made != null) {
            out.close();
            finished = true;
            return new FileContent(made, size, eightBit);
        }
        finished = true;
        return new MemoryContent(memory, inMemory, eightBit);
    }

    @Override
    public void close() throws IOException {
        if (finished) {
            return;
        }
        memory = new byte[0];
        try {
            if (out != null) {
                out.close();
            }
        } finally {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }
}
