package io.sekisho.mail.report;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.message.EncodedText;
import io.sekisho.mail.message.MemoryContent;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;

/**
 * A message of plain text that we write ourselves (RFC 5322), for one person. It says that no person wrote it (RFC 3834 section 5).
 *
 * @param from who writes
 * @param to who reads
 * @param subject one line
 * @param text lines ended by LF
 * @param language what it is written in
 */
public record TextMessage(Mailbox from, Mailbox to, String subject, String text, ReportLanguage language) {
    /**
     * The message.
     *
     * @param id letters, digits and hyphens that no other message of ours has: the left side of the Message-ID
     * @param date the Date
     */
    public MemoryContent content(String id, ZonedDateTime date) {
        StringBuilder out = new StringBuilder(4096);
        out.append(Words.field("Date", StatusPart.DATE.format(date)));
        out.append("From: Sekisho <").append(from.withAsciiDomain()).append(">\r\n");
        out.append("To: <").append(to.withAsciiDomain()).append(">\r\n");
        out.append(Words.field("Message-ID", "<" + id + "@" + from.asciiDomain() + ">"));
        out.append(
                Words.ascii(subject)
                        ? Words.field("Subject", subject)
                        : "Subject: " + EncodedText.words(subject, StandardCharsets.UTF_8, true, "Subject: ".length())
                                + "\r\n");
        out.append("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
        out.append("Content-Type: text/plain; charset=utf-8\r\nContent-Language: ")
                .append(
                        switch (language) {
                            case JAPANESE -> "ja";
                            case ENGLISH -> "en";
                            case BOTH -> "ja, en";
                        })
                .append("\r\n");
        byte[] octets = text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        boolean base64 = language.japanese();
        out.append("Content-Transfer-Encoding: ")
                .append(base64 ? "base64" : "quoted-printable")
                .append("\r\n\r\n");
        byte[] head = out.toString().getBytes(StandardCharsets.UTF_8);
        byte[] body = base64 ? EncodedText.base64(octets) : EncodedText.quotedPrintable(octets);
        byte[] all = new byte[head.length + body.length + 2];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        boolean ended = body.length >= 2 && body[body.length - 1] == '\n';
        if (!ended) {
            all[head.length + body.length] = '\r';
            all[head.length + body.length + 1] = '\n';
        }
        return new MemoryContent(all, ended ? all.length - 2 : all.length, !Words.ascii(out.toString()));
    }
}
