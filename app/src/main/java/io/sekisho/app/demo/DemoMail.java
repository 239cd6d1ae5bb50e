package io.sekisho.app.demo;

import java.util.List;
import java.util.function.Supplier;

/**
 * A sample mail and how it is brought to the gateway.
 *
 * @param name of its file, without suffix
 * @param host the sending host's name in EHLO
 * @param sender the reverse-path, empty for the null one
 * @param recipients the forward-paths, at least one
 * @param noteJa what it shows, one line in Japanese
 * @param noteEn the same in English
 * @param japanese whether its text is Japanese
 * @param expected what the gateway is to do with it
 * @param octets makes its content as it goes over the wire, before dot-stuffing; the same each time
 */
public record DemoMail(
        String name,
        String host,
        String sender,
        List<String> recipients,
        String noteJa,
        String noteEn,
        boolean japanese,
        Expected expected,
        Supplier<byte[]> octets) {
    /** What a gateway in good order does with a mail. */
    public enum Expected {
        /** Takes it for all recipients. */
        TAKEN,
        /** Takes it for some recipients and refuses others. */
        PARTLY,
        /** Refuses all of it. */
        REFUSED
    }

    /** Copies the list. @throws IllegalArgumentException when there is no recipient or no note */
    public DemoMail {
        if (recipients.isEmpty() || noteJa.isBlank() || noteEn.isBlank()) {
            throw new IllegalArgumentException("a sample mail has a recipient and both notes: " + name);
        }
        recipients = List.copyOf(recipients);
    }
}
