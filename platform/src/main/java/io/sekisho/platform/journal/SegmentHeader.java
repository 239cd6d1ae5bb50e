package io.sekisho.platform.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first octets of a segment, written together with its first records.
 *
 * @param sequence number of the segment, growing by one
 * @param salt a random number mixed into its records' checksums: what stood in the slot before is never taken for one of them
 * @param previous number of the segment before it, 0 when there is none; numbers of segments never written are left out
 * @param previousEnd offset at which the synced records of that segment end
 */
record SegmentHeader(long sequence, int salt, long previous, int previousEnd) {
    static final int LENGTH = 64;
    private static final long MAGIC = 0x53454b4953484f31L;
    private static final int VERSION = 1;
    private static final int CHECKED = 36;

    void write(ByteBuffer out) {
        int start = out.position();
        out.putLong(MAGIC).putInt(VERSION).putInt(previousEnd).putLong(sequence);
        out.putLong(previous).putInt(salt);
        CRC32C crc = new CRC32C();
        crc.update(out.duplicate().flip().position(start));
        out.putInt((int) crc.getValue());
        while (out.position() < start + LENGTH) {
            out.put((byte) 0);
        }
    }

    /** The header that stands there, or null when there is none. */
    static @Nullable SegmentHeader read(ByteBuffer in) {
        if (in.remaining() < LENGTH || in.getLong(0) != MAGIC || in.getInt(8) != VERSION) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(in.slice(0, CHECKED));
        return in.getInt(CHECKED) == (int) crc.getValue()
                ? new SegmentHeader(in.getLong(16), in.getInt(32), in.getLong(24), in.getInt(12))
                : null;
    }
}
