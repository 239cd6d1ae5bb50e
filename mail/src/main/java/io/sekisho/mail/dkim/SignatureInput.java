package io.sekisho.mail.dkim;

import io.sekisho.mail.message.HeaderField;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a signature signs: the chosen header fields and itself, canonicalized (RFC 6376 section 3.7). For signer and verifier. */
public final class SignatureInput {
    private SignatureInput() {}

    /**
     * The octets to sign.
     *
     * @param fields the header section from the top
     * @param names the h= tag
     * @param signature the field with the signature; the value of its b= tag counts as empty
     */
    public static byte[] of(
            Canonicalization canonicalization, List<HeaderField> fields, List<String> names, HeaderField signature) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (HeaderField field : select(fields, names)) {
            HeaderCanonicalizer.write(canonicalization, field, out);
        }
        HeaderCanonicalizer.writeUnended(canonicalization, withoutSignature(signature), out);
        return out.toByteArray();
    }

    /**
     * The fields that the names stand for: the first time a name is said its last field from below, then the one above it; when
     * there are no more, nothing (RFC 6376 section 5.4.2).
     */
    static List<HeaderField> select(List<HeaderField> fields, List<String> names) {
        Map<String, List<HeaderField>> byName = new HashMap<>();
        for (HeaderField field : fields) {
            byName.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field);
        }
        List<HeaderField> selected = new ArrayList<>();
        for (String name : names) {
            List<HeaderField> left = name.isEmpty() ? null : byName.get(name.toLowerCase(Locale.ROOT));
            if (left != null && !left.isEmpty()) {
                selected.add(left.removeLast());
            }
        }
        return selected;
    }

    /** The field with nothing between the "=" of its b= tag and the next semicolon or its end (RFC 6376 section 3.7). */
    static HeaderField withoutSignature(HeaderField field) {
        byte[] raw = field.raw();
        int from = field.valueAt();
        while (from < raw.length) {
            int end = from;
            while (end < raw.length && raw[end] != ';') {
                end++;
            }
            int value = valueOfB(raw, from, end);
            if (value >= 0) {
                ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length);
                out.write(raw, 0, value);
                out.write(raw, end, raw.length - end);
                return HeaderField.of(out.toByteArray());
            }
            from = end + 1;
        }
        return field;
    }

    /** Where the value of a b= tag begins, or -1 when the piece is another tag. */
    private static int valueOfB(byte[] raw, int from, int end) {
        int at = skipBlanks(raw, from, end);
        if (at == end || raw[at] != 'b') {
            return -1;
        }
        at = skipBlanks(raw, at + 1, end);
        return at < end && raw[at] == '=' ? at + 1 : -1;
    }

    private static int skipBlanks(byte[] raw, int from, int end) {
        int at = from;
        while (at < end && (raw[at] == ' ' || raw[at] == '\t' || raw[at] == '\r' || raw[at] == '\n')) {
            at++;
        }
        return at;
    }
}
