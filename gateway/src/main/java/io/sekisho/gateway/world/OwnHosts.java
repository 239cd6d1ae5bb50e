package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import java.net.InetAddress;
import java.util.Set;

/**
 * What we are known by in the mail exchangers of others. Mail for the world must not be sent there: it would come back.
 *
 * @param names our host names
 * @param addresses addresses on which we take mail
 */
public record OwnHosts(Set<DomainName> names, Set<InetAddress> addresses) {
    /** Takes copies. */
    public OwnHosts {
        names = Set.copyOf(names);
        addresses = Set.copyOf(addresses);
    }
}
