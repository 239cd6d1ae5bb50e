package io.sekisho.mail.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Content without some of its octets; the original is left as it is. Used to leave out whole header fields.
 *
 * @param whole the original
 * @param omitted what is left out, in order, within the original and without overlaps
 */
public record OmittingContent(Content whole, List<OctetRange> omitted) implements Content {
    /** Copies the list. @throws IllegalArgumentException when the ranges are not in order or reach beyond the original */
    public OmittingContent {
        omitted = List.copyOf(omitted);
        long end = 0;
        for (OctetRange range : omitted) {
            if (range.from() < end || range.to() > whole.size()) {
                throw new IllegalArgumentException("not in order or not within the content: " + range);
            }
            end = range.to();
        }
    }

    @Override
    public long size() {
        long size = whole.size();
        for (OctetRange range : omitted) {
            size -= range.to() - range.from();
        }
        return size;
    }

    /** That of the original: what is left out may have been the only such octets, and then 8BITMIME is asked for in vain. */
    @Override
    public boolean eightBit() {
        return whole.eightBit();
    }

    @Override
    public InputStream open() throws IOException {
        return new Skipping(whole.open(), omitted);
    }

    private static final class Skipping extends InputStream {
        private final InputStream in;
        private final List<OctetRange> omitted;
        private long at;
        private int next;

        Skipping(InputStream in, List<OctetRange> omitted) {
            this.in = in;
            this.omitted = omitted;
        }

        /** Octets that may be read now; those to be left out are passed over first. */
        private long skip() throws IOException {
            while (next < omitted.size()) {
                OctetRange range = omitted.get(next);
                if (at < range.from()) {
                    return range.from() - at;
                }
                in.skipNBytes(range.to() - at);
                at = range.to();
                next++;
            }
            return Long.MAX_VALUE;
        }

        @Override
        public int read() throws IOException {
            skip();
            int octet = in.read();
            at += octet < 0 ? 0 : 1;
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int got = in.read(into, offset, (int) Math.min(length, skip()));
            at += Math.max(0, got);
            return got;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
