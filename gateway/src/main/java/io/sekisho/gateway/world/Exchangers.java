package io.sekisho.gateway.world;

import io.sekisho.mail.address.EnhancedStatus;
import java.net.InetAddress;
import java.util.List;

/** Where mail for a domain of the world goes. */
public sealed interface Exchangers {
    /**
     * To one of these hosts.
     *
     * @param hosts at least one, in the order in which they are to be tried
     */
    record Hosts(List<MailHost> hosts) implements Exchangers {
        /** Takes a copy of the list. */
        public Hosts {
            hosts = List.copyOf(hosts);
        }
    }

    /** To an address that the recipient names itself (RFC 5321 section 4.1.3). @param address allowed by the guard */
    record Literal(InetAddress address) implements Exchangers {}

    /**
     * Nowhere, and waiting will not change that.
     *
     * @param status what a notice says
     * @param detail the same for people
     */
    record Nowhere(EnhancedStatus status, String detail) implements Exchangers {}

    /**
     * That cannot be found out now.
     *
     * @param status what a notice says when it lasts
     * @param detail the same for people
     */
    record Unknown(EnhancedStatus status, String detail) implements Exchangers {}
}
