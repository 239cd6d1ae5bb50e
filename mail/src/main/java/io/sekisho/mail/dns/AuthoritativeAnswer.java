package io.sekisho.mail.dns;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the name servers of a zone say.
 *
 * @param <R> what was asked for
 */
public sealed interface AuthoritativeAnswer<R extends DnsRecord> {
    /**
     * They were asked.
     *
     * @param zone the zone that the name is in
     * @param servers what each of them said, at least one, in the order of their names
     */
    record Asked<R extends DnsRecord>(DnsName zone, List<Said<R>> servers) implements AuthoritativeAnswer<R> {
        /** Takes a copy of the list. */
        public Asked {
            servers = List.copyOf(servers);
        }
    }

    /** No zone or no name server could be found. @param detail why, for an administrator */
    record NobodyToAsk<R extends DnsRecord>(String detail) implements AuthoritativeAnswer<R> {}

    /**
     * What one server said.
     *
     * @param server its name
     * @param address the address that was asked; null when it has none, or none that may be asked
     * @param answer its answer, which nobody has validated; a server that does not serve the zone is a failure with cause
     *     REFUSED. Where an alias leads out of the zone, the rest of the way is what the resolver says
     */
    record Said<R extends DnsRecord>(
            DnsName server, @Nullable InetAddress address, DnsAnswer<R> answer) {}
}
