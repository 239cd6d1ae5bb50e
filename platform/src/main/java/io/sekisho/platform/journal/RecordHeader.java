package io.sekisho.platform.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before each record. Its own checksum is mixed with the segment's salt.
 *
 * @param length octets of payload
 * @param checksum CRC-32C of the payload
 * @param sequence number of the segment
 * @param durable offset in the segment up to which everything was synced before this record was written
 * @param oldest number of the oldest segment in use when this record was written
 */
record RecordHeader(int length, int checksum, long sequence, int durable, long oldest) {
    static final int LENGTH = 32;
    /** Records begin at multiples of this. */
    static final int ALIGNMENT = 32;

    private static final int MAGIC = 0x524a5365;

    /** Octets that a record takes with its header and the gap after it. */
    static int space(int length) {
        return LENGTH + length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    void write(ByteBuffer out, int salt) {
        int start = out.position();
        out.putInt(MAGIC).putInt(0).putInt(length).putInt(checksum);
        out.putLong(sequence).putInt(durable).putInt(Math.toIntExact(sequence - oldest));
        out.putInt(start + 4, headerChecksum(out, start) ^ salt);
    }

    private static int headerChecksum(ByteBuffer buffer, int start) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(start + 8, LENGTH - 8));
        return (int) crc.getValue();
    }

    /** The salt that makes a header of what stands there; without a header's look there, null. */
    static @Nullable Integer impliedSalt(ByteBuffer in) {
        return in.remaining() < LENGTH || in.getInt(0) != MAGIC ? null : in.getInt(4) ^ headerChecksum(in, 0);
    }

    /** The header of this segment that stands there, or null when there is none. */
    static @Nullable RecordHeader read(ByteBuffer in, long sequence, int salt) {
        Integer implied = impliedSalt(in);
        if (implied == null || implied != salt || in.getLong(16) != sequence) {
            return null;
        }
        return new RecordHeader(in.getInt(8), in.getInt(12), sequence, in.getInt(24), sequence - in.getInt(28));
    }
}
