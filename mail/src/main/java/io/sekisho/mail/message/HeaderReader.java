package io.sekisho.mail.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the header section of a message (RFC 5322 section 2.1): each field with its octets, in order. Only CR LF ends a line.
 * What is not as it should be is a finding; nothing that a sender writes makes an exception.
 */
public final class HeaderReader {
    private static final int FIRST_READ = 8 * 1024;
    private static final int LONGEST_LINE = 998;

    private final HeaderLimits limits;

    /** A reader with these bounds. */
    public HeaderReader(HeaderLimits limits) {
        this.limits = limits;
    }

    /** Reads the header section; of the body at most a few kilobytes. @throws IOException when the content cannot be read */
    public HeaderSection read(Content content) throws IOException {
        byte[] octets = new byte[(int) Math.min(limits.octets() + 4L, Math.min(content.size(), FIRST_READ))];
        int size = 0;
        try (InputStream in = content.open()) {
            while (true) {
                if (size == octets.length) {
                    int larger = (int) Math.min(limits.octets() + 4L, Math.max(16, size * 2L));
                    if (larger == size) {
                        return cut(octets);
                    }
                    octets = Arrays.copyOf(octets, larger);
                }
                int from = size;
                int read = in.read(octets, size, octets.length - size);
                if (read < 0) {
                    return size > limits.octets() ? cut(octets) : fields(octets, size, true, size);
                }
                size += read;
                int end = emptyLine(octets, Math.max(0, from - 3), size);
                if (end >= 0) {
                    return end > limits.octets() ? cut(octets) : fields(octets, end, true, end + 2L);
                }
            }
        }
    }

    /** Where the empty line begins, or -1. @param from where looking may begin: a line end may lie before it */
    private static int emptyLine(byte[] octets, int from, int size) {
        if (from == 0 && size >= 2 && octets[0] == '\r' && octets[1] == '\n') {
            return 0;
        }
        for (int i = from; i + 3 < size; i++) {
            if (octets[i] == '\r' && octets[i + 1] == '\n' && octets[i + 2] == '\r' && octets[i + 3] == '\n') {
                return i + 2;
            }
        }
        return -1;
    }

    /** The whole fields within the limit: the last one read may go on beyond it. */
    private HeaderSection cut(byte[] octets) {
        int end = limits.octets();
        int last = 0;
        for (int at = 0; at < end; at = lineAfter(octets, at, end)) {
            if (!HeaderField.blank(octets[at])) {
                last = at;
            }
        }
        HeaderSection read = fields(octets, last, false, last);
        List<HeaderFinding> findings = new ArrayList<>(read.findings());
        findings.add(new HeaderFinding(HeaderDefect.TOO_LARGE, read.fields().size()));
        return new HeaderSection(read.fields(), findings, false, last);
    }

    private HeaderSection fields(byte[] octets, int end, boolean complete, long bodyAt) {
        List<HeaderField> fields = new ArrayList<>();
        List<HeaderFinding> findings = new ArrayList<>();
        int at = 0;
        while (at < end) {
            if (fields.size() == limits.fields()) {
                findings.add(new HeaderFinding(HeaderDefect.TOO_MANY_FIELDS, fields.size()));
                return new HeaderSection(fields, findings, false, bodyAt);
            }
            int next = lineAfter(octets, at, end);
            while (next < end && HeaderField.blank(octets[next])) {
                next = lineAfter(octets, next, end);
            }
            HeaderField field = HeaderField.of(Arrays.copyOfRange(octets, at, next));
            for (HeaderDefect defect : defects(field)) {
                findings.add(new HeaderFinding(defect, fields.size()));
            }
            fields.add(field);
            at = next;
        }
        return new HeaderSection(fields, findings, complete, bodyAt);
    }

    /** Where the line after the one at a place begins. */
    private static int lineAfter(byte[] octets, int at, int end) {
        for (int i = at; i + 1 < end; i++) {
            if (octets[i] == '\r' && octets[i + 1] == '\n') {
                return i + 2;
            }
        }
        return end;
    }

    private static Set<HeaderDefect> defects(HeaderField field) {
        byte[] raw = field.raw();
        Set<HeaderDefect> found = EnumSet.noneOf(HeaderDefect.class);
        if (field.name().isEmpty()) {
            found.add(HeaderDefect.NOT_A_FIELD);
        } else if (field.valueAt() - 1 > field.name().length()) {
            found.add(HeaderDefect.BLANK_BEFORE_COLON);
        }
        int lineStart = 0;
        for (int i = 0; i < raw.length; i++) {
            boolean afterCr = i > 0 && raw[i - 1] == '\r';
            boolean beforeLf = i + 1 < raw.length && raw[i + 1] == '\n';
            switch (raw[i]) {
                case 0 -> found.add(HeaderDefect.NUL);
                case '\r' -> {
                    if (!beforeLf) {
                        found.add(HeaderDefect.BARE_CR);
                    } else if (i - lineStart > LONGEST_LINE) {
                        found.add(HeaderDefect.LONG_LINE);
                    }
                }
                case '\n' -> {
                    if (afterCr) {
                        lineStart = i + 1;
                    } else {
                        found.add(HeaderDefect.BARE_LF);
                    }
                }
                default -> {}
            }
        }
        if (lineStart < raw.length) {
            found.add(HeaderDefect.UNENDED_LINE);
            if (raw.length - lineStart > LONGEST_LINE) {
                found.add(HeaderDefect.LONG_LINE);
            }
        }
        return found;
    }
}
