package io.sekisho.mail.message;

/**
 * A stretch of octets.
 *
 * @param from the first, counted from 0
 * @param to the one behind the last, above {@code from}
 */
public record OctetRange(long from, long to) {
    /** Checks the order. @throws IllegalArgumentException when there is nothing in it */
    public OctetRange {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("no range of octets: " + from + " to " + to);
        }
    }
}
