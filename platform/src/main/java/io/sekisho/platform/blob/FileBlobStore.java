package io.sekisho.platform.blob;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.FileContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Blobs as files of one folder, each with a name of its own. A blob appears under its name when it is whole and durable, by a
 * rename; what a crash leaves half-written is removed when the store is opened. Streams opened before a blob is deleted stay
 * good. Safe for many threads.
 */
public final class FileBlobStore implements BlobStore {
    private static final System.Logger LOG = System.getLogger(FileBlobStore.class.getName());

    private final BlobFiles files;
    private final AtomicLong written = new AtomicLong();

    private FileBlobStore(BlobFiles files) {
        this.files = files;
    }

    /**
     * Opens the store in the folder, which is made if need be. Unfinished files of an earlier run are deleted, so only one
     * store may be open on a folder.
     */
    public static FileBlobStore open(Path folder) throws IOException {
        Files.createDirectories(folder.toAbsolutePath());
        BlobFiles files = new BlobFiles(folder.toRealPath());
        Files.setPosixFilePermissions(files.root(), PosixFilePermissions.fromString("rwx------"));
        BlobFiles.syncNames(files.root().resolveSibling(""));
        files.note();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(files.incoming())) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
        return new FileBlobStore(files);
    }

    /** Where large contents are written as they arrive; it is on the file system of the store, so that putting them is a rename. */
    public Path incomingDirectory() {
        return files.incoming();
    }

    @Override
    public void put(UUID id, Content content) throws IOException {
        Path target = files.file(id);
        Path folder = target.resolveSibling("");
        files.folder(folder);
        if (content instanceof FileContent file && movable(file.path(), target)) {
            move(file, target);
        } else {
            copy(content, target);
        }
        BlobFiles.syncNames(folder);
    }

    /** Whether the file can become the blob by a rename. The blob's own file is put again by a copy of itself. */
    private boolean movable(Path file, Path target) throws IOException {
        if (Files.exists(target) && Files.isSameFile(file, target)) {
            return false;
        }
        FileStore here = Files.getFileStore(files.root());
        return Files.getFileStore(file).equals(here);
    }

    private static void move(FileContent file, Path target) throws IOException {
        long size = Files.size(file.path());
        if (size != file.size()) {
            throw new IOException(
                    file.path() + " has " + size + " octets, and the content said " + file.size() + ": not stored");
        }
        BlobFiles.settle(file.path());
        Files.move(file.path(), target, StandardCopyOption.ATOMIC_MOVE);
    }

    private void copy(Content content, Path target) throws IOException {
        Path part = files.incoming().resolve("put-" + written.incrementAndGet() + ".part");
        try {
            try (FileChannel channel = BlobFiles.create(part);
                    OutputStream out = Channels.newOutputStream(channel);
                    InputStream in = content.open()) {
                long size = in.transferTo(out);
                if (size != content.size()) {
                    throw new IOException(
                            "read " + size + " octets, and the content said " + content.size() + ": not stored");
                }
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    @Override
    public Content get(UUID id, boolean eightBit) throws IOException {
        Path file = files.file(id);
        return new StoredFile(file, Files.size(file), eightBit);
    }

    /** A blob's content. Not a {@link FileContent}, whose owner may move its file away. */
    private record StoredFile(Path file, long size, boolean eightBit) implements Content {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }
    }

    @Override
    public void delete(UUID id) throws IOException {
        Files.deleteIfExists(files.file(id));
    }

    @Override
    public int sweep(Predicate<UUID> unknown) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> first = Files.newDirectoryStream(files.bodies())) {
            for (Path outer : first) {
                try (DirectoryStream<Path> second = Files.newDirectoryStream(outer)) {
                    for (Path inner : second) {
                        deleted += sweep(inner, unknown);
                    }
                }
            }
        }
        return deleted;
    }

    private int sweep(Path folder, Predicate<UUID> unknown) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> blobs = Files.newDirectoryStream(folder)) {
            for (Path blob : blobs) {
                Optional<UUID> id = BlobFiles.id(blob);
                if (id.isEmpty()) {
                    LOG.log(System.Logger.Level.WARNING, "a file that is no blob lies among the blobs: {0}", blob);
                } else if (unknown.test(id.get())) {
                    deleted += Files.deleteIfExists(blob) ? 1 : 0;
                }
            }
        }
        return deleted;
    }
}
