package io.sekisho.mail.dkim;

import io.sekisho.mail.message.HeaderField;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Canonicalizes header fields (RFC 6376 sections 3.4.1 and 3.4.2). */
public final class HeaderCanonicalizer {
    private static final byte[] CRLF = {'\r', '\n'};

    private HeaderCanonicalizer() {}

    /** Writes a field, ended by CR LF. */
    public static void write(Canonicalization canonicalization, HeaderField field, ByteArrayOutputStream out) {
        writeUnended(canonicalization, field, out);
        out.writeBytes(CRLF);
    }

    /** Writes a field without its last CR LF, as the signature itself is hashed (RFC 6376 section 3.7). */
    public static void writeUnended(Canonicalization canonicalization, HeaderField field, ByteArrayOutputStream out) {
        switch (canonicalization) {
            case SIMPLE -> out.write(field.raw(), 0, lastLineEnd(field.raw()));
            case RELAXED -> writeRelaxed(field, out);
        }
    }

    private static void writeRelaxed(HeaderField field, ByteArrayOutputStream out) {
        byte[] raw = field.raw();
        out.writeBytes(field.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        if (field.valueAt() > 0) {
            out.write(':');
        }
        int end = lastLineEnd(raw);
        boolean blanks = false;
        boolean begun = false;
        for (int i = field.valueAt(); i < end; i++) {
            if (raw[i] == '\r' && i + 1 < end && raw[i + 1] == '\n') {
                i++;
            } else if (raw[i] == ' ' || raw[i] == '\t') {
                blanks = true;
            } else {
                if (blanks && begun) {
                    out.write(' ');
                }
                blanks = false;
                begun = true;
                out.write(raw[i]);
            }
        }
    }

    /** The octets before the last CR LF, all of them when there is none. */
    private static int lastLineEnd(byte[] raw) {
        int size = raw.length;
        return size >= 2 && raw[size - 2] == '\r' && raw[size - 1] == '\n' ? size - 2 : size;
    }
}
