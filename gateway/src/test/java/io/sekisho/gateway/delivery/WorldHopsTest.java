package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.tlsreport.TlsObserver;
import io.sekisho.gateway.world.DestinationTls;
import io.sekisho.gateway.world.IpVersions;
import io.sekisho.gateway.world.MailExchangers;
import io.sekisho.gateway.world.MemoryPolicyCache;
import io.sekisho.gateway.world.MtaSts;
import io.sekisho.gateway.world.OwnHosts;
import io.sekisho.gateway.world.PolicyFailure;
import io.sekisho.gateway.world.PolicyFetcher;
import io.sekisho.gateway.world.StsLimits;
import io.sekisho.gateway.world.WorldLimits;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.dns.DnsLimits;
import io.sekisho.platform.dns.DnsServer;
import io.sekisho.platform.dns.NetworkResolver;
import io.sekisho.platform.net.AddressRange;
import io.sekisho.platform.net.DnsSockets;
import io.sekisho.platform.net.SpecialAddresses;
import io.sekisho.smtp.tls.TlsPolicy;
import io.sekisho.testkit.dns.FakeDns;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a domain out in the world to the servers that are asked, with the TLS that the domain demands. */
class WorldHopsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");

    private final FakeDns dns = FakeDns.start("");
    private String policy = "";

    @AfterEach
    void stop() {
        dns.close();
    }

    private NextHops.Found find(String domain, String zones) {
        dns.zones(zones);
        Resolver resolver = new NetworkResolver(
                List.of(new DnsServer(dns.address(), true)),
                new DnsSockets(System::nanoTime),
                DnsLimits.DEFAULT,
                System::nanoTime,
                new SplittableRandom(1));
        var guard = new SpecialAddresses(List.of(Objects.requireNonNull(AddressRange.parse("192.0.2.0/24"))));
        var own = new OwnHosts(Set.of(new DomainName("gate.example")), Set.of());
        var exchangers = new MailExchangers(resolver, guard, own, IpVersions.BOTH, WorldLimits.DEFAULT, new Random(7));
        PolicyFetcher fetcher = asked -> policy.isEmpty()
                ? new PolicyFetcher.Fetched.Failed(PolicyFailure.STS_POLICY_FETCH_ERROR, "none")
                : new PolicyFetcher.Fetched.Text(policy);
        var sts = new MtaSts(resolver, fetcher, new MemoryPolicyCache(10), StsLimits.DEFAULT, () -> NOW);
        return new WorldHops(exchangers, new DestinationTls(resolver, sts), TlsObserver.none(), () -> NOW, 25)
                .find(new LaneKey(new UUID(0, 7), new Destination.World(domain)));
    }

    private List<Way> ways(String domain, String zones) {
        NextHops.Found found = find(domain, zones);
        return assertInstanceOf(NextHops.Found.Hops.class, found, found::toString)
                .inOrder();
    }

    @Test
    void everyAddressOfEveryExchangerIsAWay() {
        List<Way> ways = ways("world.example", """
                zone world.example
                world.example MX 10 mx1.world.example
                world.example MX 20 mx2.world.example
                mx1.world.example A 192.0.2.1
                mx1.world.example A 192.0.2.2
                mx2.world.example A 192.0.2.3
                """);
        assertEquals(3, ways.size());
        assertEquals("192.0.2.3:25", ways.getLast().hop().toString());
        assertTrue(ways.stream().allMatch(way -> way.tls().equals(new TlsPolicy.Opportunistic())));
    }

    @Test
    void aPolicyOfMtaStsIsKeptTo() {
        policy = "version: STSv1\nmode: enforce\nmx: mx1.world.example\nmax_age: 86400\n";
        List<Way> ways = ways("world.example", """
                zone world.example
                world.example MX 10 mx1.world.example
                world.example MX 5 mx2.world.example
                mx1.world.example A 192.0.2.1
                mx2.world.example A 192.0.2.3
                _mta-sts.world.example TXT "v=STSv1; id=1;"
                """);
        assertEquals(1, ways.size(), "an exchanger that the policy does not name is not used");
        assertEquals(
                new TlsPolicy.Verified(List.of("mx1.world.example")),
                ways.getFirst().tls());
    }

    @Test
    void whereNoMailIsTakenNoneIsSent() {
        NextHops.Found none = find("null.example", "zone null.example\nnull.example MX 0 .\n");
        assertTrue(assertInstanceOf(NextHops.Found.Never.class, none).detail().startsWith("5.1.10"));
        NextHops.Found us = find(
                "loop.example",
                "zone loop.example\nloop.example MX 10 gate.example\nzone gate.example\ngate.example A 192.0.2.9\n");
        assertTrue(assertInstanceOf(NextHops.Found.Never.class, us).detail().startsWith("5.4.6"));
        NextHops.Found inside = find(
                "inside.example",
                "zone inside.example\ninside.example MX 10 mx.inside.example\nmx.inside.example A 127.0.0.1\n");
        assertTrue(assertInstanceOf(NextHops.Found.Never.class, inside).detail().startsWith("5.4.4"));
    }
}
