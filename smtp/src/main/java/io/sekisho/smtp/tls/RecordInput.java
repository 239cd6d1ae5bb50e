package io.sekisho.smtp.tls;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/** Encrypted octets that have arrived and are not yet used: in a small array while nothing much comes, in a lent one else. */
final class RecordInput {
    private static final int HEADER = 5;
    /** The most that a record may have behind its header (RFC 5246 section 6.2.3). */
    private static final int MAX_RECORD = 16 * 1024 + 2 * 1024;
    /** Content types and the one major version there is (RFC 8446 section 5.1, RFC 6520). */
    private static final int FIRST_TYPE = 20;

    private static final int LAST_TYPE = 24;
    private static final int MAJOR_VERSION = 3;

    private final Connection below;
    private final RecordBuffers buffers;
    private final byte[] small;
    private byte[] octets;
    private boolean lent;
    private int from;
    private int to;
    private long received;

    RecordInput(Connection below, RecordBuffers buffers, int small) {
        this.below = below;
        this.buffers = buffers;
        this.small = new byte[small];
        this.octets = this.small;
    }

    /** Octets that have come in all. */
    long received() {
        return received;
    }

    /** What is there. */
    ByteBuffer octets() {
        return ByteBuffer.wrap(octets, from, to - from);
    }

    /** So many octets have been used. */
    void used(int count) {
        from += count;
    }

    /** Octets of the record that begins here with its header, as the header says; of the header alone when that is not there yet. */
    int recordLength() throws IOException {
        if (to - from < HEADER) {
            return HEADER;
        }
        int length = (octets[from + 3] & 0xff) << 8 | octets[from + 4] & 0xff;
        if (length > MAX_RECORD && beginsRecord()) {
            throw new SSLException("a record of " + length + " octets");
        }
        return HEADER + length;
    }

    /** Whether there is something for an engine: a whole record, or octets that begin none, so that it can say so. */
    boolean complete() throws IOException {
        return to - from >= HEADER && (!beginsRecord() || to - from >= recordLength());
    }

    private boolean beginsRecord() {
        return octets[from] >= FIRST_TYPE && octets[from] <= LAST_TYPE && octets[from + 1] == MAJOR_VERSION;
    }

    /** Waits for octets. @return false when the peer has ended the stream */
    boolean fill() throws IOException {
        makeRoom(recordLength());
        int got = below.read(octets, to, octets.length - to);
        if (got < 0) {
            return false;
        }
        to += got;
        received += got;
        return true;
    }

    private void makeRoom(int wanted) throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
            if (octets.length > small.length && !below.readable()) {
                release();
            }
        } else if (wanted <= octets.length) {
            if (from + wanted > octets.length || to == octets.length) {
                System.arraycopy(octets, from, octets, 0, to - from);
                to -= from;
                from = 0;
            }
        } else {
            grow(wanted);
        }
    }

    private void grow(int wanted) {
        byte[] larger = lent ? null : buffers.lend();
        boolean borrowed = larger != null && larger.length >= wanted;
        if (larger == null || !borrowed) {
            if (larger != null) {
                buffers.giveBack(larger);
            }
            // only as fast as octets really come
            larger = new byte[Math.min(wanted, octets.length * 2)];
        }
        int length = to - from;
        System.arraycopy(octets, from, larger, 0, length);
        byte[] before = octets;
        octets = larger;
        from = 0;
        to = length;
        if (lent) {
            buffers.giveBack(before);
        }
        lent = borrowed;
    }

    /** Goes back to the small array; what is there is given up. */
    void release() {
        if (lent) {
            lent = false;
            buffers.giveBack(octets);
        }
        octets = small;
        from = 0;
        to = 0;
    }
}
