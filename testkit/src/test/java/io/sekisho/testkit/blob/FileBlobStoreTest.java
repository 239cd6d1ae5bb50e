package io.sekisho.testkit.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.message.FileContent;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.platform.blob.BlobStore;
import io.sekisho.platform.blob.FileBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest implements BlobStoreContract {
    @TempDir
    private Path folder;

    @Override
    public BlobStore emptyStore() throws IOException {
        return FileBlobStore.open(folder.resolve("store"));
    }

    @Override
    public BlobStore reopened() throws IOException {
        return emptyStore();
    }

    @Override
    public Path incoming() throws IOException {
        return FileBlobStore.open(folder.resolve("store")).incomingDirectory();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(folder.resolve("store"))) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aFileOnTheSameFileSystemIsMovedNotCopied() throws IOException {
        FileBlobStore store = FileBlobStore.open(folder.resolve("store"));
        Path arrived = Files.write(store.incomingDirectory().resolve("a.part"), new byte[1000]);
        Object inode = Files.getAttribute(arrived, "unix:ino");
        store.put(new UUID(1, 2), new FileContent(arrived, 1000, false));
        assertFalse(Files.exists(arrived));
        assertEquals(1, files().size());
        assertEquals(inode, Files.getAttribute(files().getFirst(), "unix:ino"));
        assertEquals(1000, store.get(new UUID(1, 2), false).size());
    }

    @Test
    void aFileOfAnotherSizeThanSaidIsNotStored() throws IOException {
        FileBlobStore store = FileBlobStore.open(folder.resolve("store"));
        Path arrived = Files.write(store.incomingDirectory().resolve("a.part"), new byte[999]);
        assertThrows(IOException.class, () -> store.put(new UUID(1, 2), new FileContent(arrived, 1000, false)));
        assertTrue(Files.exists(arrived), "the owner's file is gone");
    }

    @Test
    void onlyWeCanReadWhatIsStored() throws IOException {
        FileBlobStore store = FileBlobStore.open(folder.resolve("store"));
        Path arrived = Files.write(store.incomingDirectory().resolve("a.part"), new byte[10]);
        Files.setPosixFilePermissions(arrived, PosixFilePermissions.fromString("rw-rw-rw-"));
        store.put(new UUID(1, 2), new FileContent(arrived, 10, false));
        store.put(new UUID(3, 4), new MemoryContent(new byte[10], 10, false));
        try (Stream<Path> walk = Files.walk(folder.resolve("store"))) {
            for (Path path : walk.toList()) {
                assertEquals(
                        Files.isDirectory(path) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
                        path.toString());
            }
        }
    }

    @Test
    void leftOversOfACrashGoWhenTheStoreIsOpened() throws IOException {
        FileBlobStore store = FileBlobStore.open(folder.resolve("store"));
        store.put(new UUID(1, 2), new MemoryContent(new byte[10], 10, false));
        Files.write(store.incomingDirectory().resolve("incoming-1.part"), new byte[10]);
        Files.write(store.incomingDirectory().resolve("put-1.part"), new byte[10]);
        BlobStore next = FileBlobStore.open(folder.resolve("store"));
        assertEquals(1, files().size());
        assertEquals(10, next.get(new UUID(1, 2), false).size());
    }

    @Test
    void aStrangersFileIsLeftAlone() throws IOException {
        FileBlobStore store = FileBlobStore.open(folder.resolve("store"));
        store.put(new UUID(1, 2), new MemoryContent(new byte[10], 10, false));
        Path stranger = Files.write(files().getFirst().resolveSibling("notes.txt"), new byte[1]);
        assertEquals(1, store.sweep(id -> true));
        assertTrue(Files.exists(stranger));
    }
}
