package io.sekisho.mail.dns;

import java.net.InetAddress;
import java.util.List;

/** The data of a resource record. Owner and time to live stand in the answer. */
public sealed interface DnsRecord {
    /** An address of either family. */
    sealed interface Address extends DnsRecord {
        /** The address; one of IPv4 also for a AAAA record that holds a mapped one. */
        InetAddress address();
    }

    /** An IPv4 address (RFC 1035 section 3.4.1). */
    record A(InetAddress address) implements Address {}

    /** An IPv6 address (RFC 3596). */
    record Aaaa(InetAddress address) implements Address {}

    /**
     * A mail exchanger (RFC 1035 section 3.3.9).
     *
     * @param preference 0 to 65535, the lowest is tried first
     * @param exchange the host; the root says that the domain takes no mail (RFC 7505)
     */
    record Mx(int preference, DnsName exchange) implements DnsRecord {}

    /**
     * Text (RFC 1035 section 3.3.14).
     *
     * @param strings its strings, a character (0 to 255) an octet
     */
    record Txt(List<String> strings) implements DnsRecord {
        /** Takes a copy of the list. */
        public Txt {
            strings = List.copyOf(strings);
        }

        /** The strings as one, with nothing between, as SPF, DKIM, DMARC and MTA-STS read it. */
        public String joined() {
            return String.join("", strings);
        }
    }

    /**
     * What a TLS server's certificate must be (RFC 6698 section 2.1). Nothing is checked here: a record may be unusable.
     *
     * @param usage certificate usage, 0 to 255
     * @param selector 0 the certificate, 1 its public key
     * @param matching 0 as it is, 1 SHA-256, 2 SHA-512
     * @param data certificate association data, in hexadecimal, lower case
     */
    record Tlsa(int usage, int selector, int matching, String data) implements DnsRecord {
        /** The record as it is written in a zone and in reports (RFC 6698 section 2.2). */
        @Override
        public String toString() {
            return usage + " " + selector + " " + matching + " " + data;
        }
    }

    /** An alias (RFC 1035 section 3.3.1). @param target the name that is meant */
    record Cname(DnsName target) implements DnsRecord {}

    /** A name server of a zone (RFC 1035 section 3.3.11). @param host its name */
    record Ns(DnsName host) implements DnsRecord {}

    /** A name for an address (RFC 1035 section 3.3.12). @param host the name */
    record Ptr(DnsName host) implements DnsRecord {}

    /**
     * The start of a zone (RFC 1035 section 3.3.13).
     *
     * @param primary the server the zone comes from
     * @param mailbox who is in charge, as a name
     * @param serial version of the zone
     * @param refresh seconds
     * @param retry seconds
     * @param expire seconds
     * @param minimum seconds for which "there is none" may be remembered (RFC 2308 section 4)
     */
    record Soa(DnsName primary, DnsName mailbox, long serial, long refresh, long retry, long expire, long minimum)
            implements DnsRecord {}
}
