package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsName;
import java.net.InetAddress;
import java.util.List;

/**
 * A host that takes a domain's mail.
 *
 * @param name as the MX record has it, or the domain itself when it has none
 * @param preference of the MX record; 0 without one
 * @param addresses where it can be reached, at least one, in the order in which they are to be tried; each was allowed by the guard,
 *     and exactly these are to be connected
 * @param canonical the name that has the addresses: another one when the name is an alias
 * @param listed whether DNSSEC has validated that this host takes the domain's mail
 * @param located whether DNSSEC has validated its addresses, every alias on the way included
 */
public record MailHost(
        DomainName name,
        int preference,
        List<InetAddress> addresses,
        DnsName canonical,
        boolean listed,
        boolean located) {
    /** Checks that there is an address. @throws IllegalArgumentException when there is none */
    public MailHost {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a mail host without an address: " + name);
        }
    }
}
