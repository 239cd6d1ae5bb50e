package io.sekisho.testkit.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.ContentBuffer;
import io.sekisho.mail.message.FileContent;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.platform.blob.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link BlobStore} must do; a test class of each store implements this. */
public interface BlobStoreContract {
    /** A store with nothing in it. */
    BlobStore emptyStore() throws IOException;

    /** The same blobs seen by a program that starts anew. */
    BlobStore reopened() throws IOException;

    /** Where the store wants large contents to be written as they arrive. */
    Path incoming() throws IOException;

    /** Octets that differ for each seed. */
    static byte[] octets(long seed, int size) {
        byte[] octets = new byte[size];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    private static Content memory(byte[] octets) {
        return new MemoryContent(octets, octets.length, true);
    }

    private static UUID id(int n) {
        return new UUID(0x0190_0000_0000_7000L + n, 0x8000_0000_0000_0000L | n * 0x9E37_79B9_7F4A_7C15L >>> 2);
    }

    private static byte[] read(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    /** Sizes around buffers, and none at all. */
    @Test
    default void whatIsPutCanBeRead() throws IOException {
        BlobStore store = emptyStore();
        int n = 0;
        for (int size : List.of(0, 1, 8191, 8192, 8193, 300_000)) {
            byte[] octets = octets(size, size);
            store.put(id(++n), memory(octets));
            Content content = store.get(id(n), size == 1);
            assertEquals(size, content.size());
            assertEquals(size == 1, content.eightBit());
            assertArrayEquals(octets, read(content));
            assertArrayEquals(octets, read(content), "the content cannot be read again");
        }
    }

    /** Only as many octets as the content has, whatever the array behind it. */
    @Test
    default void onlyTheContentIsStored() throws IOException {
        BlobStore store = emptyStore();
        store.put(id(1), new MemoryContent(octets(1, 100), 40, false));
        assertEquals(40, read(store.get(id(1), false)).length);
    }

    /** A file becomes the blob: the store owns it from then on. */
    @Test
    default void aFileIsTakenOver() throws IOException {
        BlobStore store = emptyStore();
        byte[] octets = octets(7, 50_000);
        try (ContentBuffer buffer = new ContentBuffer(1000, 0, incoming())) {
            buffer.write(octets, 0, octets.length);
            FileContent content = (FileContent) buffer.finish();
            store.put(id(7), content);
            assertArrayEquals(octets, read(store.get(id(7), true)));
        }
        try (var left = Files.list(incoming())) {
            assertTrue(left.allMatch(p -> p.getFileName().toString().endsWith(".part")), "odd files stay behind");
        }
    }

    /** A file elsewhere is stored as well. */
    @Test
    default void aFileOfAnotherFolderIsStored(@TempDir Path elsewhere) throws IOException {
        BlobStore store = emptyStore();
        byte[] octets = octets(8, 20_000);
        Path file = Files.write(elsewhere.resolve("mail"), octets);
        store.put(id(8), new FileContent(file, octets.length, true));
        assertArrayEquals(octets, read(store.get(id(8), true)));
    }

    /** As after a crash between blob and row. */
    @Test
    default void puttingAgainIsNoError() throws IOException {
        BlobStore store = emptyStore();
        byte[] octets = octets(3, 10_000);
        store.put(id(3), memory(octets));
        store.put(id(3), memory(octets));
        store.put(id(3), store.get(id(3), true));
        assertArrayEquals(octets, read(store.get(id(3), true)));
    }

    /** The next program finds everything. */
    @Test
    default void blobsOutliveTheProgram() throws IOException {
        BlobStore store = emptyStore();
        for (int n = 1; n <= 20; n++) {
            store.put(id(n), memory(octets(n, 100 + n)));
        }
        BlobStore next = reopened();
        for (int n = 1; n <= 20; n++) {
            assertArrayEquals(octets(n, 100 + n), read(next.get(id(n), true)));
        }
    }

    /** Deleting means gone, and gone is no error. */
    @Test
    default void aDeletedBlobIsGone() throws IOException {
        BlobStore store = emptyStore();
        store.put(id(4), memory(octets(4, 10)));
        store.put(id(5), memory(octets(5, 10)));
        store.delete(id(4));
        store.delete(id(4));
        assertThrows(NoSuchFileException.class, () -> read(store.get(id(4), true)));
        assertEquals(10, store.get(id(5), true).size());
    }

    /** A delivery that is under way is not cut off. */
    @Test
    default void aStreamStaysGoodAfterDeletion() throws IOException {
        BlobStore store = emptyStore();
        byte[] octets = octets(6, 400_000);
        store.put(id(6), memory(octets));
        try (InputStream in = store.get(id(6), true).open()) {
            byte[] start = in.readNBytes(10);
            store.delete(id(6));
            byte[] rest = in.readAllBytes();
            assertEquals(octets.length, start.length + rest.length);
            assertEquals(octets[octets.length - 1], rest[rest.length - 1]);
        }
    }

    /**
     * A content that says how long it is, and may be wrong.
     *
     * @param size what it says
     * @param streams gives its octets
     */
    record Claimed(long size, Supplier<InputStream> streams) implements Content {
        @Override
        public boolean eightBit() {
            return false;
        }

        @Override
        public InputStream open() {
            return streams.get();
        }
    }

    /** A stream that fails where it should end. */
    final class BreakingStream extends FilterInputStream {
        BreakingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return orBreak(super.read());
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return orBreak(super.read(into, offset, length));
        }

        private static int orBreak(int read) throws IOException {
            if (read < 0) {
                throw new IOException("the disk is broken");
            }
            return read;
        }
    }

    /** What fails while it is read leaves nothing behind. */
    @Test
    default void aBrokenContentIsNotStored() throws IOException {
        BlobStore store = emptyStore();
        Content broken = new Claimed(100, () -> new BreakingStream(new ByteArrayInputStream(new byte[50])));
        assertThrows(IOException.class, () -> store.put(id(9), broken));
        Content shortened = new Claimed(100, () -> new ByteArrayInputStream(new byte[99]));
        assertThrows(IOException.class, () -> store.put(id(9), shortened));
        assertThrows(NoSuchFileException.class, () -> read(store.get(id(9), true)));
        assertEquals(0, store.sweep(id -> true));
    }

    /** The sweep deletes what nobody knows and asks about each blob. */
    @Test
    default void aSweepDeletesTheUnknown() throws IOException {
        BlobStore store = emptyStore();
        Set<UUID> all = new HashSet<>();
        Set<UUID> known = new HashSet<>();
        for (int n = 1; n <= 50; n++) {
            store.put(id(n), memory(octets(n, 20)));
            all.add(id(n));
            if (n % 2 == 0) {
                known.add(id(n));
            }
        }
        Set<UUID> asked = new HashSet<>();
        int deleted = store.sweep(id -> {
            asked.add(id);
            return !known.contains(id);
        });
        assertEquals(25, deleted);
        assertEquals(all, asked);
        assertEquals(20, store.get(id(2), true).size());
        assertThrows(NoSuchFileException.class, () -> read(store.get(id(1), true)));
        assertEquals(0, store.sweep(id -> !known.contains(id)));
    }

    /** Many writers, also of the same id. */
    @Test
    default void manyThreadsMayPut() throws Exception {
        BlobStore store = emptyStore();
        List<Future<?>> puts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < 64; n++) {
                int number = n / 2; // each id is put twice
                puts.add(threads.submit(() -> {
                    store.put(id(number), memory(octets(number, 5_000)));
                    return true;
                }));
            }
        }
        for (Future<?> put : puts) {
            put.get();
        }
        for (int n = 0; n < 32; n++) {
            assertArrayEquals(octets(n, 5_000), read(store.get(id(n), true)));
        }
        assertFalse(reopened().sweep(id -> false) > 0);
    }
}
