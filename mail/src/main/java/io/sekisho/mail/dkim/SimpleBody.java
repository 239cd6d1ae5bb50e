package io.sekisho.mail.dkim;

/** The "simple" body: empty lines at its end become one line end; an empty body is one line end (RFC 6376 section 3.4.3). */
final class SimpleBody implements BodyCanonicalizer {
    private static final byte[] CR = {'\r'};

    private final OctetSink out;
    private final HeldLineEnds lineEnds;
    /** The last octet was a CR, which may be half of a line end. */
    private boolean halfLineEnd;

    SimpleBody(OctetSink out) {
        this.out = out;
        this.lineEnds = new HeldLineEnds(out);
    }

    @Override
    public void update(byte[] from, int offset, int length) {
        int end = offset + length;
        int at = offset;
        if (halfLineEnd && length > 0) {
            halfLineEnd = false;
            if (from[at] == '\n') {
                lineEnds.hold();
                at++;
            } else {
                pass(CR, 0, 1);
            }
        }
        int start = at;
        while (at < end) {
            if (from[at] != '\r') {
                at++;
                continue;
            }
            pass(from, start, at);
            start = at;
            if (at + 1 == end) {
                halfLineEnd = true;
                return;
            }
            if (from[at + 1] == '\n') {
                lineEnds.hold();
                at += 2;
                start = at;
            } else {
                at++;
            }
        }
        pass(from, start, end);
    }

    private void pass(byte[] from, int start, int end) {
        if (end > start) {
            lineEnds.release();
            out.write(from, start, end - start);
        }
    }

    @Override
    public void finish() {
        if (halfLineEnd) {
            pass(CR, 0, 1);
        }
        lineEnds.releaseOne();
    }
}
