package io.sekisho.smtp;

import io.sekisho.mail.address.EnhancedStatus;
import org.jspecify.annotations.Nullable;

/**
 * A reply that another server gave, kept as it was said.
 *
 * @param code three digits
 * @param status the enhanced status at the start of its text, or null when it gave none
 * @param text all lines joined by a space, control characters replaced, at most 1,000 characters; without code, with the status
 */
public record RemoteReply(int code, @Nullable EnhancedStatus status, String text) {
    /** Whether the server granted what was asked (2yz, 3yz). */
    public boolean positive() {
        return code >= 200 && code < 400;
    }

    /** Whether it refused for good (5yz). */
    public boolean permanent() {
        return code >= 500 && code < 600;
    }

    @Override
    public String toString() {
        return code + " " + text;
    }
}
