package io.sekisho.mail.dkim;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How much a header or a body may change on its way without breaking a signature (RFC 6376 section 3.4). */
public enum Canonicalization {
    /** Almost nothing. */
    SIMPLE,
    /** White space, folding, and the case of field names. */
    RELAXED;

    /** The word in the c= tag. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The canonicalization of that word, null when it is none. */
    public static @Nullable Canonicalization ofTag(String tag) {
        for (Canonicalization one : values()) {
            if (one.tag().equals(tag)) {
                return one;
            }
        }
        return null;
    }
}
