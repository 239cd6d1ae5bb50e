package io.sekisho.mail.dkim;

/**
 * The "relaxed" body: blanks at line ends are left out, others become one space; empty lines at its end are left out; an empty
 * body stays empty (RFC 6376 section 3.4.4).
 */
final class RelaxedBody implements BodyCanonicalizer {
    private static final int BUFFER = 4096;

    private final OctetSink out;
    private final byte[] buffer = new byte[BUFFER];
    private final HeldLineEnds lineEnds;
    private int size;
    /** The last octet was a CR, which may be half of a line end. */
    private boolean halfLineEnd;
    /** Blanks that count only if something follows on the line. */
    private boolean blanks;

    private boolean empty = true;

    RelaxedBody(OctetSink out) {
        this.out = out;
        this.lineEnds = new HeldLineEnds(this::flushed);
    }

    @Override
    public void update(byte[] from, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            byte octet = from[i];
            if (halfLineEnd) {
                halfLineEnd = false;
                if (octet == '\n') {
                    blanks = false;
                    lineEnds.hold();
                    continue;
                }
                put((byte) '\r');
            }
            if (octet == '\r') {
                halfLineEnd = true;
            } else if (octet == ' ' || octet == '\t') {
                blanks = true;
            } else {
                put(octet);
            }
        }
    }

    private void put(byte octet) {
        lineEnds.release();
        if (blanks) {
            blanks = false;
            add((byte) ' ');
        }
        add(octet);
    }

    private void add(byte octet) {
        if (size == BUFFER) {
            flush();
        }
        buffer[size++] = octet;
        empty = false;
    }

    /** What the buffer has goes first. */
    private void flushed(byte[] from, int offset, int length) {
        flush();
        out.write(from, offset, length);
    }

    private void flush() {
        out.write(buffer, 0, size);
        size = 0;
    }

    @Override
    public void finish() {
        if (halfLineEnd) {
            put((byte) '\r');
        }
        if (!empty) {
            lineEnds.releaseOne();
        }
        flush();
    }
}
