package io.sekisho.platform.dns;

import java.net.InetSocketAddress;

/**
 * A resolver that is asked.
 *
 * @param address address and port
 * @param trusted whether its word counts that it has validated an answer (the AD bit): only for one that validates, and that is
 *     reached over this machine alone or a network nobody else can write to (RFC 7672 section 2.1.1, RFC 4035 section 4.9.3)
 */
public record DnsServer(InetSocketAddress address, boolean trusted) {
    /** The port of the DNS. */
    public static final int PORT = 53;

    /** Checks the address. @throws IllegalArgumentException when it is a name that was not resolved */
    public DnsServer {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("not an address: " + address);
        }
    }
}
