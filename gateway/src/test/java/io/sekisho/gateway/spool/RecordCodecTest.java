package io.sekisho.gateway.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.gateway.queue.Recipient;
import io.sekisho.gateway.queue.Settlement;
import io.sekisho.gateway.tracking.Reason;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.OctetRange;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.RecipientParameters.Notify;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00.123Z");
    private static final UUID TENANT = new UUID(1, 2);

    private static final String TLS = "TLSv1.3 TLS_AES_128_GCM_SHA256";

    private static MailFacts facts(ReversePath path) throws IOException {
        return new MailFacts(
                new UUID(3, 4),
                NOW,
                TENANT,
                InetAddress.getByName("2001:db8::1"),
                "client",
                true,
                TLS,
                path,
                77,
                true,
                true,
                new DsnOptions(DsnOptions.Returned.HDRS, "Q+20x"),
                List.of(new OctetRange(3, 9), new OctetRange(40, 77)));
    }

    private static Destination destination(int i) {
        String domain = "d" + i % 3 + ".example";
        return i % 3 == 0 ? new Destination.World(domain) : new Destination.Customer(domain);
    }

    @Test
    void anAcceptedMessageIsReadBackAsItWas() throws IOException {
        for (ReversePath path :
                List.of(new ReversePath.Null(), new ReversePath.Of(new Mailbox("花子 \"x\"", "[192.0.2.1]")))) {
            List<Recipient> recipients = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                recipients.add(new Recipient(
                        i,
                        new Mailbox("user" + i, "hakone.example"),
                        new LaneKey(TENANT, destination(i)),
                        i % 2 == 0
                                ? RecipientParameters.NONE
                                : new RecipientParameters(Set.of(Notify.SUCCESS, Notify.DELAY), "utf-8;花子@x.example")));
            }
            ByteBuffer record = RecordCodec.accepted(facts(path), recipients, false);
            int length = record.remaining();
            assertEquals(RecordCodec.ACCEPTED, RecordCodec.kind(record));
            RecordCodec.Accepted read = RecordCodec.readAccepted(record);
            assertEquals(facts(path), read.facts());
            assertEquals(recipients, read.recipients());
            assertEquals(length, read.contentOffset());
        }
    }

    @Test
    void outcomesAreCutIntoMarksThatTheJournalTakesAndReadBack() throws IOException {
        String longText = "あ".repeat(1000);
        List<Settlement.Item> items = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            DeliveryOutcome outcome = switch (i % 4) {
                case 0 -> new DeliveryOutcome.Delivered(NOW, "250 ok", "192.0.2.1:25");
                case 1 -> new DeliveryOutcome.Deferred(NOW, "451 later", NOW.plusSeconds(60));
                case 2 -> new DeliveryOutcome.Held(NOW, Reason.ROUTE_REFUSED, "550 no");
                default -> new DeliveryOutcome.Returned(NOW);
            };
            items.add(new Settlement.Item(new UUID(5, 6), i, new UUID(7, i), i, outcome));
        }
        List<Settlement.Item> read = new ArrayList<>();
        for (RecordCodec.Mark mark : RecordCodec.outcomes(items)) {
            assertTrue(mark.octets().remaining() <= RecordCodec.MAX_MARK);
            assertEquals(RecordCodec.OUTCOMES, RecordCodec.kind(mark.octets()));
            read.addAll(RecordCodec.readOutcomes(mark.octets()));
        }
        assertEquals(items, read);
        DeliveryOutcome wordy = new DeliveryOutcome.Delivered(NOW, longText, longText);
        for (RecordCodec.Mark mark :
                RecordCodec.outcomes(List.of(new Settlement.Item(new UUID(5, 6), 0, new UUID(7, 8), 1, wordy)))) {
            assertTrue(mark.octets().remaining() <= RecordCodec.MAX_MARK);
        }
    }

    @Test
    void marksOfFilingAreReadBack() throws IOException {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(new UUID(i, -i));
        }
        List<UUID> read = new ArrayList<>();
        for (ByteBuffer mark : RecordCodec.filed(ids)) {
            assertTrue(mark.remaining() <= RecordCodec.MAX_MARK);
            assertEquals(RecordCodec.FILED, RecordCodec.kind(mark));
            read.addAll(RecordCodec.readFiled(mark));
        }
        assertEquals(ids, read);
    }

    @Test
    void aRecordOfANewerProgramStopsTheStart() {
        ByteBuffer record = ByteBuffer.wrap(new byte[] {RecordCodec.ACCEPTED, 9});
        IOException e = assertThrows(IOException.class, () -> RecordCodec.kind(record));
        assertTrue(e.toString().contains("newer"), e.toString());
    }
}
