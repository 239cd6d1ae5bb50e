package io.sekisho.platform.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Allows connections to the public internet only. Addresses that names of strangers lead to must not reach this machine, the
 * network it stands in, or anything else that is not for everybody (RFC 6890 and the registries of IANA). An operator may
 * allow ranges, for customers' servers in a private network.
 */
public final class SpecialAddresses implements AddressGuard {
    private static final List<AddressRange> SPECIAL = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20");

    /** What of IPv6 is public at all; everything special above stands within it. */
    private static final AddressRange GLOBAL_UNICAST = Objects.requireNonNull(AddressRange.parse("2000::/3"));

    /** IPv4 addresses behind a translator (RFC 6052): judged by the IPv4 address in the last four octets. */
    private static final AddressRange TRANSLATED = Objects.requireNonNull(AddressRange.parse("64:ff9b::/96"));

    private final List<AddressRange> allowed;

    /** A guard. @param allowed ranges that are allowed although they are special */
    public SpecialAddresses(List<AddressRange> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    @Override
    public boolean allows(InetAddress address) {
        if (allowed.stream().anyMatch(range -> range.contains(address))) {
            return true;
        }
        if (TRANSLATED.contains(address)) {
            return allows(lastFour(address));
        }
        boolean v6 = address.getAddress().length == 16;
        return (!v6 || GLOBAL_UNICAST.contains(address))
                && SPECIAL.stream().noneMatch(range -> range.contains(address));
    }

    private static InetAddress lastFour(InetAddress address) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }

    private static List<AddressRange> ranges(String... texts) {
        return Arrays.stream(texts)
                .map(text -> Objects.requireNonNull(AddressRange.parse(text), text))
                .toList();
    }
}
