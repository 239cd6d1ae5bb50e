package io.sekisho.smtp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the sender of a message wants of notices about it, from the parameters of MAIL (RFC 3461 sections 4.3 and 4.4).
 *
 * @param returned how much of the message comes back with a notice of failure (RET)
 * @param envelopeId by what the sender knows the message (ENVID), in xtext as it was said, at most 100 characters; empty when
 *     it was not said
 */
public record DsnOptions(Returned returned, String envelopeId) {
    /** Neither parameter was said. */
    public static final DsnOptions NONE = new DsnOptions(Returned.UNSAID, "");

    private static final int MAX_ENVELOPE_ID = 100;

    /** How much of the message comes back. */
    public enum Returned {
        /** Whoever writes the notice decides. */
        UNSAID,
        /** All of it. */
        FULL,
        /** The header section. */
        HDRS
    }

    /** Checks the envelope id. @throws IllegalArgumentException when it is neither empty nor what ENVID may be */
    public DsnOptions {
        if (!envelopeId.isEmpty() && !isEnvelopeId(envelopeId)) {
            throw new IllegalArgumentException("not an envelope id: " + envelopeId);
        }
    }

    /** Whether the text can be the value of ENVID: xtext of printable ASCII, 1 to 100 characters (RFC 3461 section 4.4). */
    public static boolean isEnvelopeId(String xtext) {
        if (xtext.isEmpty() || xtext.length() > MAX_ENVELOPE_ID) {
            return false;
        }
        String text = Xtext.decode(xtext);
        return text != null && text.chars().allMatch(c -> c >= 32 && c < 127);
    }

    /** What the value of RET means, in any case; null when it is no value of it. */
    public static @Nullable Returned returned(String value) {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "FULL" -> Returned.FULL;
            case "HDRS" -> Returned.HDRS;
            default -> null;
        };
    }
}
