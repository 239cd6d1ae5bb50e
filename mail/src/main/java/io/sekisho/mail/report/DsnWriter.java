package io.sekisho.mail.report;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.EncodedText;
import io.sekisho.mail.message.HeaderReader;
import io.sekisho.mail.message.HeaderSection;
import io.sekisho.mail.message.MemoryContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes delivery status notifications: a text for people, a report for programs, and the message or its header (RFC 3464, RFC
 * 6522; with UTF-8 addresses RFC 6533). Whether one may be sent at all is for the caller to know: never for a message with the
 * null reverse-path, never to a stranger.
 */
public final class DsnWriter {
    /** Something that can be repeated in a field: a msg-id (RFC 5322 section 3.6.4) of a usual length. */
    private static final Pattern MESSAGE_ID = Pattern.compile("<[!-;=?-~]{1,400}>");

    private final DomainName reportingMta;
    private final ZoneId zone;
    private final DsnLimits limits;
    private final HeaderReader reader;
    private final StatusPart statusPart;
    private final HumanPart humanPart;

    /**
     * A writer.
     *
     * @param reportingMta our name: it reports, and has the mailbox MAILER-DAEMON
     * @param zone the time zone that times are told in
     */
    public DsnWriter(DomainName reportingMta, ZoneId zone, DsnLimits limits) {
        this.reportingMta = reportingMta;
        this.zone = zone;
        this.limits = limits;
        this.reader = new HeaderReader(limits.header());
        this.statusPart = new StatusPart(reportingMta, zone, limits.diagnostic());
        this.humanPart = new HumanPart(reportingMta, zone, limits.diagnostic());
    }

    /** A part of the notice: its header fields, each ended by CR LF, and its body as it is sent. */
    private static final class Part {
        final String fields;
        final byte[] body;

        Part(String fields, byte[] body) {
            this.fields = fields;
            this.body = body;
        }
    }

    /**
     * A notice. It is held in memory, within the limits.
     *
     * @param id letters, digits and hyphens that no other message of ours has: the left side of the Message-ID
     * @param now the Date
     * @throws IllegalArgumentException when there are more recipients than the limit
     * @throws IOException when the message cannot be read
     */
    public Dsn write(DsnFacts facts, ReportLanguage language, String id, Instant now) throws IOException {
        if (facts.recipients().size() > limits.recipients()) {
            throw new IllegalArgumentException("a notice for more than " + limits.recipients() + " recipients");
        }
        HeaderSection header = reader.read(facts.message());
        byte[] headerOctets = headerOctets(header);
        boolean global = facts.smtpUtf8() && (Octets.of(headerOctets).eightBit() || namesNeedUtf8(facts));
        byte[] whole = wholeOrNull(facts);
        String messageId = messageId(header);

        Part human = text(humanPart.of(facts, language, messageId, whole != null), language);
        byte[] status = statusPart.of(facts, global).getBytes(StandardCharsets.UTF_8);
        Part machine = new Part(
                "Content-Type: message/" + (global ? "global-delivery-status" : "delivery-status") + "\r\n"
                        + encoding(Octets.of(status).eightBit()),
                status);
        Part returned = whole != null ? whole(whole, global) : header(headerOctets, global);

        String boundary = "=_" + id;
        ByteArrayOutputStream body = new ByteArrayOutputStream(64 * 1024);
        for (Part part : new Part[] {human, machine, returned}) {
            ascii(body, "--" + boundary + "\r\n" + part.fields + "\r\n");
            body.writeBytes(part.body);
            ascii(body, "\r\n");
        }
        ascii(body, "--" + boundary + "--\r\n");

        boolean eightBit = Octets.of(body.toByteArray()).eightBit();
        String top = topFields(facts, language, id, now, messageId)
                + "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n boundary=\""
                + boundary + "\"\r\n" + encoding(eightBit) + "\r\n";
        ByteArrayOutputStream message = new ByteArrayOutputStream(body.size() + top.length());
        message.writeBytes(top.getBytes(StandardCharsets.UTF_8));
        body.writeTo(message);
        byte[] octets = message.toByteArray();
        return new Dsn(new MemoryContent(octets, octets.length, eightBit || !Words.ascii(top)), global);
    }

    private String topFields(
            DsnFacts facts, ReportLanguage language, String id, Instant now, @Nullable String messageId) {
        String subject = HumanPart.subject(facts, language);
        StringBuilder out = new StringBuilder();
        out.append(Words.field("Date", StatusPart.DATE.format(now.atZone(zone))));
        out.append(Words.field("From", "Mail gateway <MAILER-DAEMON@" + reportingMta + ">"));
        out.append("To: <").append(facts.to()).append(">\r\n");
        out.append(Words.field("Message-ID", "<" + id + "@" + reportingMta + ">"));
        if (messageId != null) {
            out.append(Words.field("In-Reply-To", messageId));
            out.append(Words.field("References", messageId));
        }
        out.append(
                Words.ascii(subject)
                        ? Words.field("Subject", subject)
                        : "Subject: " + EncodedText.words(subject, StandardCharsets.UTF_8, true, "Subject: ".length())
                                + "\r\n");
        // RFC 3834 section 3.1.7, against answers of other programs
        out.append("Auto-Submitted: auto-replied\r\n");
        return out.toString();
    }

    private static boolean namesNeedUtf8(DsnFacts facts) {
        return !Words.ascii(facts.to().toString())
                || facts.recipients().stream()
                        .anyMatch(recipient -> !Words.ascii(recipient.knownAs())
                                || !Words.ascii(recipient.recipient().toString()));
    }

    private static @Nullable String messageId(HeaderSection header) {
        return header.named("Message-ID").stream()
                .map(field -> field.value())
                .filter(value -> MESSAGE_ID.matcher(value).matches())
                .findFirst()
                .orElse(null);
    }

    /** The message, if it may come back whole: it failed, and can stand in a notice as it is. */
    private byte @Nullable [] wholeOrNull(DsnFacts facts) throws IOException {
        Content message = facts.message();
        if (facts.ret() != ReturnOf.FULL || facts.leading() != DsnAction.FAILED || message.size() > limits.returned()) {
            return null;
        }
        try (InputStream in = message.open()) {
            byte[] octets = in.readNBytes(limits.returned());
            return Octets.of(octets).lines() ? octets : null;
        }
    }

    private static byte[] headerOctets(HeaderSection header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        header.fields().forEach(field -> out.writeBytes(field.raw()));
        byte[] octets = out.toByteArray();
        boolean ended = octets.length >= 2 && octets[octets.length - 1] == '\n';
        if (octets.length > 0 && !ended) {
            ascii(out, "\r\n");
            return out.toByteArray();
        }
        return octets;
    }

    /** These types must not be encoded further (RFC 2046 section 5.2.1); RFC 6532 section 3.7 has message/global. */
    private static Part whole(byte[] octets, boolean global) {
        return new Part(
                "Content-Type: message/" + (global ? "global" : "rfc822") + "\r\n"
                        + encoding(Octets.of(octets).eightBit()),
                octets);
    }

    private static Part header(byte[] octets, boolean global) {
        Octets like = Octets.of(octets);
        String type = global ? "message/global-headers" : "text/rfc822-headers" + charset(octets, like.eightBit());
        boolean asItIs = like.lines() && (global || !like.eightBit());
        return asItIs
                ? new Part("Content-Type: " + type + "\r\n" + encoding(like.eightBit()), octets)
                : new Part(
                        "Content-Type: " + type + "\r\nContent-Transfer-Encoding: quoted-printable\r\n",
                        EncodedText.quotedPrintable(octets));
    }

    /** RFC 6522 section 4; RFC 1428 section 3 has a name for what nobody knows. */
    private static String charset(byte[] octets, boolean eightBit) {
        if (!eightBit) {
            return "";
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            return "; charset=utf-8";
        } catch (CharacterCodingException e) {
            return "; charset=unknown-8bit";
        }
    }

    private static Part text(String text, ReportLanguage language) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        String type = "Content-Type: text/plain; charset=utf-8\r\n"
                + switch (language) {
                    case JAPANESE -> "Content-Language: ja\r\n";
                    case ENGLISH -> "Content-Language: en\r\n";
                    case BOTH -> "Content-Language: ja, en\r\n";
                };
        if (language.japanese()) {
            return new Part(type + "Content-Transfer-Encoding: base64\r\n", EncodedText.base64(octets));
        }
        Octets like = Octets.of(octets);
        return like.lines() && !like.eightBit()
                ? new Part(type + encoding(false), octets)
                : new Part(
                        type + "Content-Transfer-Encoding: quoted-printable\r\n", EncodedText.quotedPrintable(octets));
    }

    private static String encoding(boolean eightBit) {
        return "Content-Transfer-Encoding: " + (eightBit ? "8bit" : "7bit") + "\r\n";
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
