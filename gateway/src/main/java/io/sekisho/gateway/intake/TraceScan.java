package io.sekisho.gateway.intake;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.mail.message.OctetRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads what the header section says about the way a message came. A line that is no field is passed over, for programs
 * differ in whether the header section goes on behind it; only the first empty line ends it.
 */
final class TraceScan {
    private static final byte[] RECEIVED = ascii("received");
    private static final byte[] RESULTS = ascii("authentication-results");
    private static final byte[] OURS = ascii("x-sekisho-");
    private static final int BUFFER = 16 * 1024;

    private final byte[] octets;
    private final int length;
    private final String hostName;
    private final List<OctetRange> forged = new ArrayList<>(0);
    private int received;

    /**
     * What was found.
     *
     * @param received how many Received fields there are
     * @param forged where fields stand that only we may write: Authentication-Results in our name (RFC 8601 section 5), and
     *     fields whose names begin with X-Sekisho-
     * @param wholeHeader whether the header section ends within the bound; nothing else is known when it does not
     */
    record Trace(int received, List<OctetRange> forged, boolean wholeHeader) {}

    private TraceScan(byte[] octets, int length, String hostName) {
        this.octets = octets;
        this.length = length;
        this.hostName = hostName;
    }

    /**
     * Reads the header section.
     *
     * @param hostName our name, as it stands in the Authentication-Results that we write
     * @param bound octets that a header section may have
     * @throws IOException when the content cannot be read
     */
    static Trace of(Content content, String hostName, int bound) throws IOException {
        TraceScan scan;
        if (content instanceof MemoryContent memory) {
            scan = new TraceScan(memory.array(), (int) memory.size(), hostName);
        } else {
            byte[] head = head(content, bound);
            scan = new TraceScan(head, head.length, hostName);
        }
        int end = scan.fields();
        // without an empty line all of the content is a header section
        return end > bound || end == scan.length && content.size() > end
                ? new Trace(0, List.of(), false)
                : new Trace(scan.received, List.copyOf(scan.forged), true);
    }

    /** The header section and some of what follows, or as much as the bound allows and a little more. */
    private static byte[] head(Content content, int bound) throws IOException {
        byte[] head = new byte[BUFFER];
        int got = 0;
        try (InputStream in = content.open()) {
            while (true) {
                int now = in.readNBytes(head, got, head.length - got);
                boolean ended = emptyLine(head, Math.max(0, got - 3), got + now);
                got += now;
                if (ended || now == 0 || got > bound) {
                    return Arrays.copyOf(head, got);
                }
                head = Arrays.copyOf(head, Math.min(bound + BUFFER, head.length * 2));
            }
        }
    }

    private static boolean emptyLine(byte[] octets, int from, int to) {
        if (from == 0 && to >= 2 && octets[0] == '\r' && octets[1] == '\n') {
            return true;
        }
        for (int i = from; i + 3 < to; i++) {
            if (octets[i] == '\r' && octets[i + 1] == '\n' && octets[i + 2] == '\r' && octets[i + 3] == '\n') {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Goes through the fields. @return where the header section ends */
    private int fields() {
        int at = 0;
        while (at < length && octets[at] != '\r') {
            int end = line(at);
            while (end < length && (octets[end] == ' ' || octets[end] == '\t')) {
                end = line(end);
            }
            field(at, end);
            at = end;
        }
        return at;
    }

    /** Where the line ends, its line end included. */
    private int line(int from) {
        int i = from;
        while (i < length && octets[i] != '\n') {
            i++;
        }
        return Math.min(length, i + 1);
    }

    private void field(int from, int to) {
        switch (octets[from] | 0x20) {
            case 'r' -> received += named(RECEIVED, from, to) >= 0 ? 1 : 0;
            case 'x' -> {
                if (startsWith(OURS, from, to)) {
                    omit(from, to);
                }
            }
            case 'a' -> {
                int value = named(RESULTS, from, to);
                if (value >= 0 && inOurName(value, to)) {
                    omit(from, to);
                }
            }
            default -> {}
        }
    }

    private boolean startsWith(byte[] name, int from, int to) {
        if (to - from < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            byte octet = octets[from + i];
            if ((octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the value of the field begins if that is its name, spaces before the colon allowed; else -1. */
    private int named(byte[] name, int from, int to) {
        if (!startsWith(name, from, to)) {
            return -1;
        }
        int i = from + name.length;
        while (i < to && (octets[i] == ' ' || octets[i] == '\t')) {
            i++;
        }
        return i < to && octets[i] == ':' ? i + 1 : -1;
    }

    /**
     * Whether the authserv-id is our name, in any case (RFC 8601 section 2.2). A value in which none can be read is taken for
     * ours: others read it in their own ways.
     */
    private boolean inOurName(int from, int to) {
        int i = from;
        int depth = 0;
        while (i < to && (depth > 0 || octets[i] == '(' || octets[i] <= ' ' && octets[i] >= 0)) {
            byte octet = octets[i];
            if (octet == '\\') {
                i++;
            } else if (octet == '(') {
                depth++;
            } else if (octet == ')') {
                depth--;
            }
            i++;
        }
        boolean quoted = i < to && octets[i] == '"';
        var id = new StringBuilder();
        for (i += quoted ? 1 : 0; i < to && !ends(octets[i], quoted); i++) {
            if (quoted && octets[i] == '\\' && i + 1 < to) {
                i++;
            }
            id.append((char) (octets[i] & 0xff));
        }
        String name = id.toString().toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return bare.isEmpty() || bare.equals(hostName.toLowerCase(Locale.ROOT));
    }

    private static boolean ends(byte octet, boolean quoted) {
        return quoted ? octet == '"' : octet == ';' || octet == '(' || octet >= 0 && octet <= ' ';
    }

    /** Leaves the field out; with the one before it, if that is left out too. */
    private void omit(int from, int to) {
        int last = forged.size() - 1;
        if (last >= 0 && forged.get(last).to() == from) {
            forged.set(last, new OctetRange(forged.get(last).from(), to));
        } else {
            forged.add(new OctetRange(from, to));
        }
    }
}
