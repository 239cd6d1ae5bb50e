package io.sekisho.testkit.disk;

import io.sekisho.platform.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A disk in memory. What was not synced is lost, kept, or kept in part at a {@link #crash}, sector by sector in any order; a
 * name that was not synced may vanish. For one thread.
 */
public final class SimulatedDisk implements Disk {
    private static final int SECTOR = 512;

    private static final class Stored {
        byte[] octets = new byte[0];
        byte[] synced = new byte[0];
        final Set<Integer> dirty = new HashSet<>();
        /** Sectors whose sync failed: the system holds them for clean, and no later sync writes them. */
        final Set<Integer> lost = new HashSet<>();
    }

    private final RandomGenerator random;
    private final Consumer<String> before;
    private final Map<String, Stored> files = new TreeMap<>();
    private final Set<String> unsyncedNames = new HashSet<>();
    private int generation;
    private int syncs;
    private boolean full;
    private boolean failNextWrite;
    private boolean failNextSync;

    /**
     * An empty disk.
     *
     * @param random decides what a crash leaves
     * @param before is told of each write, sync and allocation before it happens, and may throw an error to end the story there
     */
    public SimulatedDisk(RandomGenerator random, Consumer<String> before) {
        this.random = random;
        this.before = before;
    }

    /** The power fails: open files are dead, and the disk holds what survives. */
    public void crash() {
        generation++;
        for (String name : List.copyOf(unsyncedNames)) {
            if (random.nextBoolean()) {
                files.remove(name);
            }
        }
        unsyncedNames.clear();
        for (Stored file : files.values()) {
            int way = random.nextInt(3);
            file.dirty.addAll(file.lost);
            file.lost.clear();
            for (int sector : List.copyOf(file.dirty)) {
                if (way == 0 || way == 1 && random.nextBoolean()) {
                    restore(file, sector);
                }
            }
            file.synced = file.octets.clone();
            file.dirty.clear();
        }
        failNextSync = false;
        failNextWrite = false;
    }

    /** The program is killed, the machine goes on: open files are dead, and what was written is still in memory. */
    public void kill() {
        generation++;
        failNextSync = false;
        failNextWrite = false;
    }

    private static void restore(Stored file, int sector) {
        int from = sector * SECTOR;
        int to = Math.min(file.octets.length, from + SECTOR);
        Arrays.fill(file.octets, from, to, (byte) 0);
        if (from < file.synced.length) {
            System.arraycopy(file.synced, from, file.octets, from, Math.min(to, file.synced.length) - from);
        }
    }

    /** The next write fails, having written nothing. */
    public void failNextWrite() {
        failNextWrite = true;
    }

    /** The next sync fails; what it should have synced stays in doubt. */
    public void failNextSync() {
        failNextSync = true;
    }

    /** Whether new files find no room. */
    public void full(boolean now) {
        full = now;
    }

    /** Turns one bit over in what is stored. */
    public void flip(String name, int offset) {
        Stored file = stored(name);
        file.octets[offset] ^= 1;
        file.synced[offset] ^= 1;
    }

    /** A copy of what a file holds. */
    public byte[] octets(String name) {
        return stored(name).octets.clone();
    }

    /** The number of syncs so far. */
    public int syncs() {
        return syncs;
    }

    private Stored stored(String name) {
        Stored file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        return file;
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public DiskFile open(String name, long size) throws IOException {
        before.accept("open " + name);
        if (size > 0) {
            if (full) {
                throw new IOException("No space left on device");
            }
            Stored made = new Stored();
            made.octets = new byte[Math.toIntExact(size)];
            made.synced = new byte[Math.toIntExact(size)];
            files.put(name, made);
            unsyncedNames.add(name);
        }
        return new OpenFile(stored(name), generation);
    }

    @Override
    public void rename(String from, String to) {
        files.put(to, stored(from));
        files.remove(from);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
        unsyncedNames.remove(name);
    }

    @Override
    public void syncNames() {
        before.accept("sync names");
        unsyncedNames.clear();
    }

    private final class OpenFile implements DiskFile {
        private final Stored file;
        private final int born;

        OpenFile(Stored file, int born) {
            this.file = file;
            this.born = born;
        }

        private void alive() throws IOException {
            if (born != generation) {
                throw new IOException("the file was opened before the crash");
            }
        }

        @Override
        public long size() {
            return file.octets.length;
        }

        @Override
        public void write(long position, ByteBuffer... buffers) throws IOException {
            alive();
            if (failNextWrite) {
                failNextWrite = false;
                throw new IOException("Input/output error");
            }
            int at = Math.toIntExact(position);
            for (ByteBuffer buffer : buffers) {
                int length = buffer.remaining();
                if (at + length > file.octets.length) {
                    if (full) {
                        throw new IOException("No space left on device");
                    }
                    file.octets = Arrays.copyOf(file.octets, at + length);
                }
                buffer.get(file.octets, at, length);
                for (int sector = at / SECTOR; sector * SECTOR < at + length; sector++) {
                    file.dirty.add(sector);
                    file.lost.remove(sector);
                }
                at += length;
            }
            // the octets are on their way when the power may fail
            before.accept("write");
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            alive();
            int at = Math.toIntExact(Math.min(position, file.octets.length));
            int length = Math.min(into.remaining(), file.octets.length - at);
            into.put(file.octets, at, length);
            return length;
        }

        @Override
        public void sync() throws IOException {
            alive();
            before.accept("sync");
            if (failNextSync) {
                failNextSync = false;
                file.lost.addAll(file.dirty);
                file.dirty.clear();
                throw new IOException("Input/output error");
            }
            syncs++;
            file.synced = Arrays.copyOf(file.synced, file.octets.length);
            for (int sector : file.dirty) {
                int from = sector * SECTOR;
                int to = Math.min(file.octets.length, from + SECTOR);
                System.arraycopy(file.octets, from, file.synced, from, to - from);
            }
            file.dirty.clear();
        }

        @Override
        public void close() {}
    }
}
