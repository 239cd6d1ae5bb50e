package io.sekisho.gateway.queue;

import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.OctetRange;
import io.sekisho.smtp.DsnOptions;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * What is known of a message besides its content and recipients.
 *
 * @param id its id, a UUIDv7
 * @param receivedAt when its content was complete, to the millisecond
 * @param tenant whose it is
 * @param peer address it came from
 * @param helo argument of HELO or EHLO, printable ASCII
 * @param extended whether the session was opened by EHLO
 * @param tls protocol and cipher that protected the session, such as {@code TLSv1.3 TLS_AES_128_GCM_SHA256}; empty without TLS
 * @param reversePath the sender
 * @param size octets of content
 * @param eightBit whether the content has octets above 127
 * @param smtpUtf8 whether the client said SMTPUTF8 (RFC 6531)
 * @param dsn what the client said about notices (RFC 3461)
 * @param omitted octets of the content that nobody gets: header fields that only we may write
 */
public record MailFacts(
        UUID id,
        Instant receivedAt,
        UUID tenant,
        InetAddress peer,
        String helo,
        boolean extended,
        String tls,
        ReversePath reversePath,
        long size,
        boolean eightBit,
        boolean smtpUtf8,
        DsnOptions dsn,
        List<OctetRange> omitted) {
    /** Copies the list. */
    public MailFacts {
        omitted = List.copyOf(omitted);
    }

    /** Facts of a message with which nothing is special. */
    public MailFacts(
            UUID id,
            Instant receivedAt,
            UUID tenant,
            InetAddress peer,
            String helo,
            boolean extended,
            String tls,
            ReversePath reversePath,
            long size,
            boolean eightBit) {
        this(
                id,
                receivedAt,
                tenant,
                peer,
                helo,
                extended,
                tls,
                reversePath,
                size,
                eightBit,
                false,
                DsnOptions.NONE,
                List.of());
    }

    /** The day of receipt (UTC): the partition of its rows. */
    public LocalDate day() {
        return LocalDate.ofInstant(receivedAt, ZoneOffset.UTC);
    }
}
