package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.MemoryContent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Messages for tests of custody and delivery. */
public final class TestMessages {
    /** When they were received. */
    public static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");

    private static final byte[] CONTENT = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);

    private int made;

    /** Another message of the HELO name. */
    public MailFacts facts(String helo) {
        try {
            return new MailFacts(
                    new UUID(NOW.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | ++made),
                    NOW,
                    new UUID(0, 7),
                    InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}),
                    helo,
                    true,
                    "",
                    new ReversePath.Of(new Mailbox("alice", "sender.example")),
                    CONTENT.length,
                    false);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its octets. */
    public static MemoryContent content() {
        return new MemoryContent(CONTENT, CONTENT.length, false);
    }

    /** One recipient for each lane. */
    public static List<Recipient> recipients(LaneKey... lanes) {
        List<Recipient> recipients = new ArrayList<>();
        for (LaneKey lane : lanes) {
            int n = recipients.size();
            recipients.add(new Recipient(n, new Mailbox("user" + n, "hakone.example"), lane));
        }
        return recipients;
    }

    /** A message in the journal alone, one recipient for each lane. */
    public JournalledMessage journalled(LaneKey... lanes) {
        return new JournalledMessage(
                facts("client.example"),
                recipients(lanes),
                NOW.plus(Duration.ofDays(10)),
                made,
                content(),
                content(),
                false);
    }
}
