package io.sekisho.mail.report;

import io.sekisho.mail.address.DomainName;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The part that programs read (RFC 3464 section 2.1): fields about the message, then fields about each recipient. */
final class StatusPart {
    /** RFC 5322 section 3.3. */
    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final DomainName reportingMta;
    private final ZoneId zone;
    private final int diagnostic;

    /** @param diagnostic characters of a reply */
    StatusPart(DomainName reportingMta, ZoneId zone, int diagnostic) {
        this.reportingMta = reportingMta;
        this.zone = zone;
        this.diagnostic = diagnostic;
    }

    /** The body of the part. @param global as message/global-delivery-status, with UTF-8 (RFC 6533 section 4) */
    String of(DsnFacts facts, boolean global) {
        StringBuilder out = new StringBuilder();
        String envelopeId = facts.envelopeId();
        if (envelopeId != null) {
            out.append(Words.field("Original-Envelope-Id", Words.printable(envelopeId, true)));
        }
        out.append(Words.field("Reporting-MTA", "dns; " + reportingMta));
        date(out, "Arrival-Date", facts.arrival());
        for (DsnRecipient recipient : facts.recipients()) {
            out.append("\r\n");
            recipient(out, recipient, global);
        }
        return out.toString();
    }

    private void recipient(StringBuilder out, DsnRecipient recipient, boolean global) {
        OriginalRecipient original = recipient.original();
        if (original != null) {
            String type = Words.printable(original.addressType(), true).toLowerCase(Locale.ROOT);
            out.append(Words.field("Original-Recipient", address(type, original.address(), global)));
        }
        out.append(Words.field(
                "Final-Recipient", address("rfc822", recipient.recipient().toString(), global)));
        out.append(Words.field("Action", recipient.action().word()));
        out.append(Words.field("Status", recipient.status().toString()));
        String remoteMta = recipient.remoteMta();
        if (remoteMta != null) {
            out.append(Words.field("Remote-MTA", "dns; " + Words.printable(remoteMta, true)));
        }
        String reply = recipient.diagnostic();
        if (reply != null) {
            out.append(Words.field("Diagnostic-Code", "smtp; " + Words.cut(Words.printable(reply, true), diagnostic)));
        }
        date(out, "Last-Attempt-Date", recipient.lastAttempt());
        date(out, "Will-Retry-Until", recipient.retryUntil());
    }

    private static String address(String type, String address, boolean global) {
        if (type.equals("utf-8") || !Words.ascii(address)) {
            return "utf-8; " + Words.utf8Address(address, !global);
        }
        return type + "; " + Words.printable(address, true);
    }

    private void date(StringBuilder out, String name, @Nullable Instant at) {
        if (at != null) {
            out.append(Words.field(name, DATE.format(at.atZone(zone))));
        }
    }
}
