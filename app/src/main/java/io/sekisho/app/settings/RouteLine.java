package io.sekisho.app.settings;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.client.NextHop;
import java.nio.file.Path;
import java.util.List;

/**
 * A line of the routes file: whose a domain is, where its mail goes, who exists there.
 *
 * @param line its number, from 1
 * @param domain the domain
 * @param tenant short name of the customer: lower-case letters, digits, hyphens
 * @param routes the customer's mail servers, the preferred one first; at least one
 * @param recipients who exists
 */
public record RouteLine(int line, DomainName domain, String tenant, List<NextHop> routes, Recipients recipients) {

    /** The recipients of a domain. */
    public sealed interface Recipients {
        /** Every address of the domain. */
        record Everyone() implements Recipients {}

        /**
         * Those of a file.
         *
         * @param file which
         * @param mailboxes in the order of the file, none twice by {@link Mailbox#key()}
         */
        record Listed(Path file, List<Mailbox> mailboxes) implements Recipients {}
    }
}
