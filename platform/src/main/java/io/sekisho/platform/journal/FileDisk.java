package io.sekisho.platform.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** A folder of the file system, for one process at a time. */
public final class FileDisk implements Disk, AutoCloseable {
    private static final String LOCK = "lock";
    private static final int ZEROS = 1 << 20;

    private final Path folder;
    private final FileChannel lockFile;
    private final FileLock lock;

    private FileDisk(Path folder, FileChannel lockFile, FileLock lock) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Opens the folder, made when there is none. @throws IOException when another process uses it, with words for an administrator */
    public static FileDisk open(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        FileChannel channel = channel(folder.resolve(LOCK));
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new FileDisk(folder, channel, lock);
            }
        } catch (OverlappingFileLockException e) {
            // this very process holds it
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException("another process uses the journal in " + folder
                + ": stop it first, or give this one a data folder of its own");
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Override
    public DiskFile open(String name, long size) throws IOException {
        Path path = folder.resolve(name);
        FileChannel channel = channel(path);
        if (size > 0) {
            try {
                allocate(channel, size);
            } catch (IOException e) {
                channel.close();
                Files.deleteIfExists(path);
                throw e;
            }
        }
        return new OpenFile(channel, new RandomAccessFile(path.toFile(), "r"), new ReentrantLock());
    }

    /** Zeros that are really written: a sync later has no extent to convert and no length to note. */
    private static void allocate(FileChannel channel, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
        for (long at = 0; at < size; ) {
            zeros.clear().limit((int) Math.min(ZEROS, size - at));
            at += channel.write(zeros, at);
        }
        channel.force(true);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        syncNames();
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void syncNames() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }

    /**
     * A channel for the journal's own thread, which nobody interrupts. Readers have a file of their own that an interrupt does
     * not close, as it would a channel.
     */
    private record OpenFile(FileChannel channel, RandomAccessFile reading, ReentrantLock lock) implements DiskFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void write(long position, ByteBuffer... buffers) throws IOException {
            long at = position;
            for (ByteBuffer buffer : buffers) {
                while (buffer.hasRemaining()) {
                    at += channel.write(buffer, at);
                }
            }
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            int before = into.position();
            lock.lock();
            try {
                reading.seek(position);
                while (into.hasRemaining()) {
                    int n = reading.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
                    if (n < 0) {
                        break;
                    }
                    into.position(into.position() + n);
                }
            } finally {
                lock.unlock();
            }
            return into.position() - before;
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            reading.close();
            channel.close();
        }
    }
}
