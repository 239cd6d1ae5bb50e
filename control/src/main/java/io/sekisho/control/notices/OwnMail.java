package io.sekisho.control.notices;

import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.MessageIds;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.spool.Spool;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.report.ReportLanguage;
import io.sekisho.mail.report.TextMessage;
import io.sekisho.platform.journal.JournalUnavailableException;
import io.sekisho.smtp.DsnOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Sends mail that we write: signed, taken into custody as any other, and out to the world. Its reverse-path is null: what cannot
 * be delivered is held, and nobody answers a program.
 */
public final class OwnMail {
    private final String hostName;
    private final Mailbox from;
    private final ZoneId zone;
    private final Signer signer;
    private final Spool spool;
    private final InstantSource clock;
    private final MessageIds ids;

    /** Puts signatures in front of a message. */
    @FunctionalInterface
    public interface Signer {
        /** The message with them; as it was when none can be made now. @throws IOException when it cannot be read */
        Content signed(Content content) throws IOException;
    }

    /**
     * A sender.
     *
     * @param hostName our name in the trace field
     * @param from who writes
     * @param zone the time zone that dates are told in
     * @param signer signs all of it
     */
    public OwnMail(
            String hostName,
            Mailbox from,
            ZoneId zone,
            Signer signer,
            Spool spool,
            InstantSource clock,
            MessageIds ids) {
        this.hostName = hostName;
        this.from = from;
        this.zone = zone;
        this.signer = signer;
        this.spool = spool;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Sends a message. When this returns it is durable.
     *
     * @param tenant whose mail it is
     * @throws JournalUnavailableException when it cannot be taken now
     * @throws IOException likewise
     */
    public void send(UUID tenant, Mailbox to, ReportLanguage language, String subject, String text)
            throws JournalUnavailableException, IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        UUID id = ids.next(now);
        Content content = signer.signed(
                new TextMessage(from, to, subject, text, language).content(id.toString(), now.atZone(zone)));
        MailFacts facts = new MailFacts(
                id,
                now,
                tenant,
                InetAddress.getLoopbackAddress(),
                hostName,
                true,
                "",
                new ReversePath.Null(),
                content.size(),
                content.eightBit(),
                to.international(),
                DsnOptions.NONE,
                List.of());
        Mailbox recipient = to.withAsciiDomain();
        LaneKey lane = new LaneKey(tenant, new Destination.World(recipient.domain()));
        spool.accept(facts, List.of(new Recipient(0, recipient, lane)), content);
    }
}
