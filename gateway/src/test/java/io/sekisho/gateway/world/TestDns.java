package io.sekisho.gateway.world;

import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.dns.DnsLimits;
import io.sekisho.platform.dns.DnsServer;
import io.sekisho.platform.dns.NetworkResolver;
import io.sekisho.platform.net.AddressRange;
import io.sekisho.platform.net.DnsSockets;
import io.sekisho.platform.net.SpecialAddresses;
import io.sekisho.testkit.dns.FakeDns;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Resolvers for tests that ask a fake server, and the guard that knows its world. */
final class TestDns {
    private TestDns() {}

    /** A trusted resolver that remembers nothing. */
    static Resolver resolver(FakeDns dns) {
        DnsLimits limits = DnsLimits.DEFAULT;
        return new NetworkResolver(
                List.of(new DnsServer(dns.address(), true)),
                new DnsSockets(System::nanoTime),
                new DnsLimits(
                        new DnsLimits.Waits(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1)),
                        limits.tries(),
                        limits.servers(),
                        limits.aliases(),
                        limits.udpOctets(),
                        limits.atOnce(),
                        new DnsLimits.Remembered(1, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                        limits.authority()),
                System::nanoTime,
                new SplittableRandom(1));
    }

    /** Allows the addresses of documentation, as if they were public. */
    static SpecialAddresses guard() {
        return new SpecialAddresses(Stream.of("192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32")
                .map(text -> Objects.requireNonNull(AddressRange.parse(text)))
                .toList());
    }
}
