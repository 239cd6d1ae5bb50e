package io.sekisho.smtp.server;

import io.sekisho.mail.message.ContentBuffer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message while it arrives, by DATA or by BDAT: kept for as long as it is sound and not too large; after
 * that, why none of it is kept.
 */
final class ArrivingContent {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long FIRST_HARMLESS = 0x0e0e0e0e0e0e0e0eL;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final ContentBuffer content;
    private final long sizeLimit;
    private boolean discarding;
    private boolean lineEnded = true;
    private boolean afterCr;
    private long size;
    private @Nullable Defect defect;
    private @Nullable IOException diskError;

    /** Why a message cannot be taken as it came. */
    enum Defect {
        /** CR without LF behind it (RFC 5321 section 2.3.8). */
        BARE_CR,
        /** LF without CR before it. */
        BARE_LF,
        /** NUL (RFC 5322 section 4.1 made it obsolete, RFC 5321 section 2.3.8 forbids it). */
        NUL
    }

    /**
     * Nothing yet.
     *
     * @param content takes the octets
     * @param sizeLimit octets of content; of more nothing is handed on
     */
    ArrivingContent(ContentBuffer content, long sizeLimit) {
        this.content = content;
        this.sizeLimit = sizeLimit;
    }

    /** The octets so far, dropped ones included. */
    long size() {
        return size;
    }

    /** Whether the content is larger than the limit. */
    boolean tooLarge() {
        return size > sizeLimit;
    }

    /** The first defect, null when there is none so far. */
    @Nullable
    Defect defect() {
        return defect;
    }

    /** Why the content could not be kept, null when it could so far. */
    @Nullable
    IOException diskError() {
        return diskError;
    }

    /** A defect was found. */
    void broken(Defect found) {
        if (defect == null) {
            defect = found;
        }
        discarding = true;
    }

    /** Takes octets whose line ends have been looked at. */
    void keep(byte[] block, int from, int to) {
        size += to - from;
        if (size > sizeLimit) {
            discarding = true;
        }
        if (discarding || from == to) {
            return;
        }
        try {
            content.write(block, from, to - from);
        } catch (IOException e) {
            diskError = e;
            discarding = true;
        }
    }

    /** Takes octets of a chunk as they come, and looks at their line ends. A pair of CR and LF may be torn apart. */
    void chunk(byte[] block, int from, int to) {
        if (from == to) {
            return;
        }
        int i = from;
        if (afterCr && block[i] != '\n') {
            broken(Defect.BARE_CR);
        } else if (afterCr) {
            i++;
        }
        afterCr = false;
        i = indexOfControl(block, i, to);
        while (i < to) {
            byte octet = block[i++];
            if (octet == '\r') {
                if (i == to) {
                    afterCr = true;
                } else if (block[i] == '\n') {
                    i++;
                } else {
                    broken(Defect.BARE_CR);
                }
            } else if (octet == '\n') {
                broken(Defect.BARE_LF);
            } else if (octet == 0) {
                broken(Defect.NUL);
            }
            i = indexOfControl(block, i, to);
        }
        lineEnded = block[to - 1] == '\n';
        keep(block, from, to);
    }

    /** The last chunk has come: a last line without its end gets it, as it would in DATA. */
    void lastChunk() {
        if (afterCr) {
            broken(Defect.BARE_CR);
        } else if (!lineEnded) {
            keep(LINE_END, 0, LINE_END.length);
        }
    }

    /** The first octet from 0 to 13, which all that matter are among; {@code to} when there is none. Eight at a time. */
    static int indexOfControl(byte[] block, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long eight = (long) LONGS.get(block, i);
            long below = (eight - FIRST_HARMLESS) & ~eight & HIGH_BITS;
            if (below != 0) {
                return i + (Long.numberOfTrailingZeros(below) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (block[i] >= 0 && block[i] < 14) {
                return i;
            }
        }
        return to;
    }
}
