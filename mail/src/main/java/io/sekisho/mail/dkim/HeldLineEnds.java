package io.sekisho.mail.dkim;

import java.nio.charset.StandardCharsets;

/** Line ends that count only if something follows them: empty lines at the end of a body are left out. */
final class HeldLineEnds {
    private static final int BLOCK = 256;

    private final OctetSink out;
    private final byte[] block;
    private long held;

    HeldLineEnds(OctetSink out) {
        this.out = out;
        this.block = "\r\n".repeat(BLOCK).getBytes(StandardCharsets.US_ASCII);
    }

    void hold() {
        held++;
    }

    /** Something follows. */
    void release() {
        while (held > 0) {
            int now = (int) Math.min(held, BLOCK);
            out.write(block, 0, now * 2);
            held -= now;
        }
    }

    /** The body ends: of all the line ends held, one is written. */
    void releaseOne() {
        held = 0;
        out.write(block, 0, 2);
    }
}
