package io.sekisho.platform.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The disk as the journal sees it: a flat folder of files that can be written at any place and synced. A port, so that the simulation can tear and lose writes. */
public interface Disk {
    /** The names of all files, in no order. */
    List<String> list() throws IOException;

    /** Opens a file for reading and writing. @param size when above 0 the file is made, with this many octets really allocated */
    DiskFile open(String name, long size) throws IOException;

    /** Gives a file another name, durably: when this returns, a crash does not bring the old name back. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file that need not be open; its absence need not be durable. Open handles stay readable. */
    void delete(String name) throws IOException;

    /** Makes the names of files made since the last call durable. */
    void syncNames() throws IOException;

    /** An open file. Reads may run beside a write. */
    interface DiskFile extends AutoCloseable {
        /** The number of octets allocated. */
        long size() throws IOException;

        /** Writes all remaining octets of the buffers one after another from {@code position} on; durable only after {@link #sync()}. */
        void write(long position, ByteBuffer... buffers) throws IOException;

        /** Reads until the buffer, which has an array, is full or the file ends. An interrupt does no harm. @return octets read */
        int read(long position, ByteBuffer into) throws IOException;

        /** When this returns, everything written so far survives a crash. A failed sync leaves the file in doubt: it must not be written again. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
