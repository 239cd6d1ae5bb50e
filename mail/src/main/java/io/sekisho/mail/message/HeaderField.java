package io.sekisho.mail.message;

import java.nio.charset.StandardCharsets;

/**
 * A header field with the octets it was received in (RFC 5322 section 2.2). A line that is no field is kept as one without a
 * name, so that nothing is lost.
 */
public final class HeaderField {
    private final byte[] raw;
    private final int colon;
    private final String name;

    private HeaderField(byte[] raw, int colon, String name) {
        this.raw = raw;
        this.colon = colon;
        this.name = name;
    }

    /** The field that these octets make, line ends included. The array is handed over and must not be changed afterwards. */
    public static HeaderField of(byte[] raw) {
        int colon = 0;
        while (colon < raw.length && raw[colon] != ':' && raw[colon] != '\r' && raw[colon] != '\n') {
            colon++;
        }
        if (colon == raw.length || raw[colon] != ':') {
            return new HeaderField(raw, -1, "");
        }
        int end = colon;
        while (end > 0 && blank(raw[end - 1])) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            if (raw[i] < 33 || raw[i] > 126) {
                return new HeaderField(raw, -1, "");
            }
        }
        if (end == 0) {
            return new HeaderField(raw, -1, "");
        }
        return new HeaderField(raw, colon, new String(raw, 0, end, StandardCharsets.US_ASCII));
    }

    /** The field that this text makes, in UTF-8; without a final line end it gets one. */
    public static HeaderField of(String text) {
        return of((text.endsWith("\r\n") ? text : text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The name as it was written, without blanks; empty when the line is no field. */
    public String name() {
        return name;
    }

    /** Whether the field has that name; case does not matter (RFC 5322 section 1.2.2). */
    public boolean isNamed(String other) {
        return !name.isEmpty() && name.equalsIgnoreCase(other);
    }

    /** All its octets, line ends included; the last line end is missing when the content ended before it. Not to be changed. */
    public byte[] raw() {
        return raw;
    }

    /** Where the value begins in {@link #raw()}: after the colon; 0 when the line is no field. */
    public int valueAt() {
        return colon + 1;
    }

    /** The value unfolded, without blanks around it, read as UTF-8 (RFC 6532); what is not UTF-8 becomes U+FFFD. */
    public String value() {
        byte[] unfolded = new byte[raw.length];
        int size = 0;
        for (int i = valueAt(); i < raw.length; i++) {
            boolean lineEnd = raw[i] == '\r' && i + 1 < raw.length && raw[i + 1] == '\n';
            if (lineEnd) {
                i++;
            } else {
                unfolded[size++] = raw[i];
            }
        }
        return new String(unfolded, 0, size, StandardCharsets.UTF_8).strip();
    }

    static boolean blank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    @Override
    public String toString() {
        return name + ": " + value();
    }
}
