package io.sekisho.gateway.spool;

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
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The journal's records as octets. One octet of kind, one of version, then the fields, big-endian; texts are UTF-8 behind a
 * 16-bit length. A record of a version that is not known stops the start: nothing is guessed.
 */
final class RecordCodec {
    /** A message in custody. */
    static final byte ACCEPTED = 1;
    /** Outcomes of an attempt. */
    static final byte OUTCOMES = 2;
    /** Messages whose rows are committed. */
    static final byte FILED = 3;

    private static final byte VERSION = 2;
    private static final int MAX_TEXT = 600;
    /** The most octets one outcome takes: fixed fields and two texts. */
    private static final int MAX_ITEM = 80 + 2 * (MAX_TEXT + 2);
    /** Octets of a mark that {@link io.sekisho.platform.journal.Journal#mark} takes. */
    static final int MAX_MARK = 4096;

    private RecordCodec() {}

    /** The head of an accepted record; the content's octets follow it unless they are in a blob. */
    static ByteBuffer accepted(MailFacts facts, List<Recipient> recipients, boolean inBlob) {
        Out out = new Out(256 + recipients.size() * 96);
        out.octet(ACCEPTED)
                .octet(VERSION)
                .uuid(facts.id())
                .time(facts.receivedAt())
                .uuid(facts.tenant());
        byte[] peer = facts.peer().getAddress();
        out.octet((byte) peer.length)
                .octets(peer)
                .text(facts.helo())
                .flag(facts.extended())
                .text(facts.tls())
                .flag(facts.eightBit())
                .flag(facts.smtpUtf8());
        out.text(facts.dsn().returned().name()).text(facts.dsn().envelopeId());
        out.path(facts.reversePath()).number(facts.size()).flag(inBlob);
        out.count(facts.omitted().size());
        for (OctetRange range : facts.omitted()) {
            out.number(range.from()).number(range.to());
        }
        out.count(recipients.size());
        for (Recipient r : recipients) {
            Destination to = r.lane().to();
            out.text(r.mailbox().localPart())
                    .text(r.mailbox().domain())
                    .text(to.kind())
                    .text(to.domain())
                    .text(r.parameters().notifyValue())
                    .text(r.parameters().originalRecipient());
        }
        return out.done();
    }

    /** A message read back. @param contentOffset where its octets begin in the payload, when they are not in a blob */
    record Accepted(MailFacts facts, List<Recipient> recipients, boolean inBlob, int contentOffset) {}

    /** Reads a message. @param in stands where {@link #kind} left it */
    static Accepted readAccepted(ByteBuffer in) throws IOException {
        UUID id = uuid(in);
        Instant receivedAt = Instant.ofEpochMilli(in.getLong());
        UUID tenant = uuid(in);
        byte[] peer = new byte[in.get()];
        in.get(peer);
        String helo = text(in);
        boolean extended = in.get() != 0;
        String tls = text(in);
        boolean eightBit = in.get() != 0;
        boolean smtpUtf8 = in.get() != 0;
        DsnOptions dsn = new DsnOptions(DsnOptions.Returned.valueOf(text(in)), text(in));
        ReversePath reversePath = path(in);
        long size = in.getLong();
        boolean inBlob = in.get() != 0;
        List<OctetRange> omitted = ranges(in);
        int n = in.getInt();
        List<Recipient> recipients = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            Mailbox mailbox = new Mailbox(text(in), text(in));
            LaneKey lane = new LaneKey(tenant, Destination.of(text(in), text(in)));
            recipients.add(new Recipient(i, mailbox, lane, parameters(text(in), text(in))));
        }
        MailFacts facts = new MailFacts(
                id,
                receivedAt,
                tenant,
                InetAddress.getByAddress(peer),
                helo,
                extended,
                tls,
                reversePath,
                size,
                eightBit,
                smtpUtf8,
                dsn,
                omitted);
        return new Accepted(facts, recipients, inBlob, in.position());
    }

    private static List<OctetRange> ranges(ByteBuffer in) {
        int n = in.getInt();
        List<OctetRange> ranges = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            ranges.add(new OctetRange(in.getLong(), in.getLong()));
        }
        return ranges;
    }

    private static RecipientParameters parameters(String notify, String originalRecipient) throws IOException {
        if (notify.isEmpty() && originalRecipient.isEmpty()) {
            return RecipientParameters.NONE;
        }
        Set<RecipientParameters.Notify> cases = notify.isEmpty() ? Set.of() : RecipientParameters.notices(notify);
        if (cases == null) {
            throw new IOException("journal record holds an unknown case for notices: " + notify);
        }
        return new RecipientParameters(cases, originalRecipient);
    }

    /** Marks for the items, as few as hold them all; each mark with the items it holds. */
    static List<Mark> outcomes(List<Settlement.Item> items) {
        List<Mark> marks = new ArrayList<>();
        int perMark = Math.max(1, (MAX_MARK - 8) / MAX_ITEM);
        for (int from = 0; from < items.size(); from += perMark) {
            List<Settlement.Item> part = List.copyOf(items.subList(from, Math.min(items.size(), from + perMark)));
            Out out = new Out(64 + part.size() * 128);
            out.octet(OUTCOMES).octet(VERSION).count(part.size());
            for (Settlement.Item item : part) {
                out.uuid(item.message())
                        .count(item.recipient())
                        .uuid(item.lease())
                        .count(item.attempts());
                outcome(out, item.outcome());
            }
            marks.add(new Mark(out.done(), part));
        }
        return marks;
    }

    /** Octets of a mark and what they say. */
    record Mark(ByteBuffer octets, List<Settlement.Item> items) {}

    private static void outcome(Out out, DeliveryOutcome outcome) {
        switch (outcome) {
            case DeliveryOutcome.Delivered d ->
                out.octet((byte) 1).time(d.at()).text(d.reply()).text(d.server());
            case DeliveryOutcome.Deferred d ->
                out.octet((byte) 2).time(d.at()).text(d.detail()).time(d.next());
            case DeliveryOutcome.Held h ->
                out.octet((byte) 3).time(h.at()).text(h.reason().name()).text(h.detail());
            case DeliveryOutcome.Returned r -> out.octet((byte) 4).time(r.at());
        }
    }

    static List<Settlement.Item> readOutcomes(ByteBuffer in) throws IOException {
        int n = in.getInt();
        List<Settlement.Item> items = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            UUID message = uuid(in);
            int recipient = in.getInt();
            UUID lease = uuid(in);
            int attempts = in.getInt();
            items.add(new Settlement.Item(message, recipient, lease, attempts, readOutcome(in)));
        }
        return items;
    }

    private static DeliveryOutcome readOutcome(ByteBuffer in) throws IOException {
        byte kind = in.get();
        Instant at = Instant.ofEpochMilli(in.getLong());
        return switch (kind) {
            case 1 -> new DeliveryOutcome.Delivered(at, text(in), text(in));
            case 2 -> new DeliveryOutcome.Deferred(at, text(in), Instant.ofEpochMilli(in.getLong()));
            case 3 -> new DeliveryOutcome.Held(at, Reason.valueOf(text(in)), text(in));
            case 4 -> new DeliveryOutcome.Returned(at);
            default -> throw new IOException("journal record holds an outcome of unknown kind " + kind);
        };
    }

    /** Marks that the messages' rows are committed. */
    static List<ByteBuffer> filed(List<UUID> messages) {
        List<ByteBuffer> marks = new ArrayList<>();
        int perMark = (MAX_MARK - 8) / 16;
        for (int from = 0; from < messages.size(); from += perMark) {
            List<UUID> part = messages.subList(from, Math.min(messages.size(), from + perMark));
            Out out = new Out(8 + part.size() * 16);
            out.octet(FILED).octet(VERSION).count(part.size());
            part.forEach(out::uuid);
            marks.add(out.done());
        }
        return marks;
    }

    static List<UUID> readFiled(ByteBuffer in) {
        int n = in.getInt();
        List<UUID> messages = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            messages.add(uuid(in));
        }
        return messages;
    }

    /** The kind of the record; the buffer then stands at its first field. */
    static byte kind(ByteBuffer in) throws IOException {
        byte kind = in.get();
        byte version = in.get();
        if (version != VERSION) {
            throw new IOException("journal record of version " + version
                    + ": it was written by a newer or much older Sekisho; start that one");
        }
        return kind;
    }

    private static UUID uuid(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }

    private static String text(ByteBuffer in) {
        byte[] octets = new byte[in.getShort() & 0xffff];
        in.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static ReversePath path(ByteBuffer in) {
        String localPart = text(in);
        String domain = text(in);
        return localPart.isEmpty() ? new ReversePath.Null() : new ReversePath.Of(new Mailbox(localPart, domain));
    }

    /** A buffer that grows. */
    private static final class Out {
        private ByteBuffer buffer;

        Out(int expected) {
            buffer = ByteBuffer.allocate(expected);
        }

        private ByteBuffer room(int octets) {
            if (buffer.remaining() < octets) {
                ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + octets));
                buffer = larger.put(buffer.flip());
            }
            return buffer;
        }

        Out octet(byte b) {
            room(1).put(b);
            return this;
        }

        Out flag(boolean b) {
            return octet((byte) (b ? 1 : 0));
        }

        Out count(int n) {
            room(4).putInt(n);
            return this;
        }

        Out number(long n) {
            room(8).putLong(n);
            return this;
        }

        Out time(Instant t) {
            return number(t.toEpochMilli());
        }

        Out uuid(UUID u) {
            return number(u.getMostSignificantBits()).number(u.getLeastSignificantBits());
        }

        Out octets(byte[] octets) {
            room(octets.length).put(octets);
            return this;
        }

        Out text(String s) {
            byte[] octets = s.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(octets.length, MAX_TEXT);
            room(2 + length).putShort((short) length).put(octets, 0, length);
            return this;
        }

        Out path(ReversePath path) {
            return switch (path) {
                case ReversePath.Null n -> text("").text("");
                case ReversePath.Of of ->
                    text(of.mailbox().localPart()).text(of.mailbox().domain());
            };
        }

        ByteBuffer done() {
            return buffer.flip();
        }
    }
}
