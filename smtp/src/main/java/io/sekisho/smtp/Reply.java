package io.sekisho.smtp;

import io.sekisho.mail.address.EnhancedStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply that we give (RFC 5321 section 4.2, RFC 2034).
 *
 * @param code three digits, 200 to 599
 * @param status the enhanced status, or null where none is given (greeting, EHLO, 354)
 * @param lines the text, at least one line, printable ASCII, each at most 400 characters so that the whole line stays within 512 octets
 */
public record Reply(int code, @Nullable EnhancedStatus status, List<String> lines) {
    private static final int MAX_LINE = 400;

    /** Checks the reply. @throws IllegalArgumentException when code and status disagree or a line cannot be sent */
    public Reply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("no reply code: " + code);
        }
        if (status != null && status.category() != code / 100) {
            throw new IllegalArgumentException("code " + code + " and status " + status + " disagree");
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a reply has at least one line");
        }
        for (String line : lines) {
            if (line.length() > MAX_LINE || !line.chars().allMatch(c -> c >= 32 && c < 127)) {
                throw new IllegalArgumentException("not a line of a reply: " + line);
            }
        }
        lines = List.copyOf(lines);
    }

    /** A reply of one line with an enhanced status, such as {@code of(250, "2.1.0", "sender ok")}. */
    public static Reply of(int code, String status, String text) {
        EnhancedStatus parsed = EnhancedStatus.atStartOf(status);
        if (parsed == null) {
            throw new IllegalArgumentException("no enhanced status: " + status);
        }
        return new Reply(code, parsed, List.of(text));
    }

    /** Whether the reply grants what was asked. */
    public boolean positive() {
        return code < 400;
    }

    /** The reply as one line for a log, such as {@code 250 2.1.0 sender ok}. */
    @Override
    public String toString() {
        return code + " " + (status == null ? "" : status + " ") + String.join(" / ", lines);
    }
}
