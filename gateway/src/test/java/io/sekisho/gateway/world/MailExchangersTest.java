package io.sekisho.gateway.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.testkit.dns.FakeDns;
import io.sekisho.testkit.dns.Trouble;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailExchangersTest {
    private static final DomainName SENDER = new DomainName("sender.example");
    private static final OwnHosts OURSELVES =
            new OwnHosts(Set.of(new DomainName("mx.gate.example")), Set.of(InetAddress.ofLiteral("198.51.100.25")));

    private final FakeDns dns = FakeDns.start("");

    @AfterEach
    void close() {
        dns.close();
    }

    private Exchangers of(IpVersions versions, WorldLimits limits, String... records) {
        dns.zones("zone sender.example\n" + String.join("\n", records));
        return new MailExchangers(TestDns.resolver(dns), TestDns.guard(), OURSELVES, versions, limits, new Random(7))
                .of(SENDER);
    }

    private Exchangers of(String... records) {
        return of(IpVersions.BOTH, WorldLimits.DEFAULT, records);
    }

    private static List<MailHost> hosts(Exchangers destination) {
        assertInstanceOf(Exchangers.Hosts.class, destination, destination::toString);
        return ((Exchangers.Hosts) destination).hosts();
    }

    private static List<String> names(Exchangers destination) {
        return hosts(destination).stream().map(host -> host.name().ascii()).toList();
    }

    private static List<String> addresses(MailHost host) {
        return host.addresses().stream().map(InetAddress::getHostAddress).toList();
    }

    private static String nowhere(Exchangers destination) {
        assertInstanceOf(Exchangers.Nowhere.class, destination, destination::toString);
        return ((Exchangers.Nowhere) destination).status().toString();
    }

    private static String unknown(Exchangers destination) {
        assertInstanceOf(Exchangers.Unknown.class, destination, destination::toString);
        return ((Exchangers.Unknown) destination).status().toString();
    }

    @Test
    void hostsComeInTheOrderOfTheirPreference() {
        Exchangers destination = of(
                "sender.example MX 20 b.sender.example",
                "sender.example MX 10 a.sender.example",
                "sender.example MX 30 c.sender.example",
                "a.sender.example A 192.0.2.1",
                "b.sender.example A 192.0.2.2",
                "c.sender.example A 192.0.2.3");
        assertEquals(List.of("a.sender.example", "b.sender.example", "c.sender.example"), names(destination));
        MailHost first = hosts(destination).getFirst();
        assertEquals(10, first.preference());
        assertEquals(new DnsName("a.sender.example"), first.canonical());
        assertFalse(first.listed());
        assertFalse(first.located());
    }

    @Test
    void equalPreferenceIsShared() {
        dns.zones("""
                zone sender.example
                sender.example MX 10 a.sender.example
                sender.example MX 10 b.sender.example
                sender.example MX 5 z.sender.example
                *.sender.example A 192.0.2.1
                """);
        MailExchangers exchangers = new MailExchangers(
                TestDns.resolver(dns), TestDns.guard(), OURSELVES, IpVersions.IPV4, WorldLimits.DEFAULT, new Random(7));
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            orders.add(names(exchangers.of(SENDER)));
        }
        assertEquals(
                Set.of(
                        List.of("z.sender.example", "a.sender.example", "b.sender.example"),
                        List.of("z.sender.example", "b.sender.example", "a.sender.example")),
                orders);
    }

    @Test
    void aDomainWithoutExchangersIsItsOwn() {
        Exchangers destination = of("sender.example A 192.0.2.1", "sender.example AAAA 2001:db8::1");
        assertEquals(List.of("sender.example"), names(destination));
        assertEquals(
                List.of("2001:db8:0:0:0:0:0:1", "192.0.2.1"),
                addresses(hosts(destination).getFirst()));
    }

    @Test
    void addressesOfBothVersionsTakeTurns() {
        String[] records = {
            "sender.example MX 10 mx.sender.example",
            "mx.sender.example A 192.0.2.1",
            "mx.sender.example A 192.0.2.2",
            "mx.sender.example AAAA 2001:db8::1"
        };
        assertEquals(
                List.of("2001:db8:0:0:0:0:0:1", "192.0.2.1", "192.0.2.2"),
                addresses(hosts(of(records)).getFirst()));
        assertEquals(
                List.of("192.0.2.1", "192.0.2.2"),
                addresses(
                        hosts(of(IpVersions.IPV4, WorldLimits.DEFAULT, records)).getFirst()));
        assertEquals(1, dns.times("AAAA mx.sender.example"));
        assertEquals(
                List.of("2001:db8:0:0:0:0:0:1"),
                addresses(
                        hosts(of(IpVersions.IPV6, WorldLimits.DEFAULT, records)).getFirst()));
    }

    @Test
    void nullMxTakesNoMail() {
        assertEquals("5.1.10", nowhere(of("sender.example MX 0 .", "sender.example A 192.0.2.1")));
        assertEquals(
                List.of("mx.sender.example"),
                names(of(
                        "sender.example MX 0 .",
                        "sender.example MX 10 mx.sender.example",
                        "mx.sender.example A 192.0.2.1")));
    }

    @Test
    void noSuchDomainAndNoWay() {
        dns.zones("zone example");
        assertEquals(
                "5.1.2",
                nowhere(new MailExchangers(
                                TestDns.resolver(dns),
                                TestDns.guard(),
                                OURSELVES,
                                IpVersions.BOTH,
                                WorldLimits.DEFAULT,
                                new Random(7))
                        .of(SENDER)));
        assertEquals("5.4.4", nowhere(of("sender.example TXT nothing")));
        assertEquals("5.4.4", nowhere(of("sender.example MX 10 mx.sender.example")));
        assertEquals("5.4.4", nowhere(of("sender.example MX 10 a\\.b.sender.example")));
    }

    @Test
    void aliasesAreTaken() {
        Exchangers domain = of(
                "sender.example CNAME other.example",
                "zone other.example",
                "other.example MX 10 mx.other.example",
                "mx.other.example A 192.0.2.1");
        assertEquals(List.of("mx.other.example"), names(domain));
        Exchangers host = of(
                "sender.example MX 10 mx.sender.example",
                "mx.sender.example CNAME real.sender.example",
                "real.sender.example A 192.0.2.1");
        assertEquals(List.of("mx.sender.example"), names(host));
        assertEquals(new DnsName("real.sender.example"), hosts(host).getFirst().canonical());
    }

    @Test
    void aCircleOfAliasesIsTriedLater() {
        assertEquals(
                "4.4.3", unknown(of("sender.example CNAME a.sender.example", "a.sender.example CNAME sender.example")));
        assertEquals(
                "4.4.3",
                unknown(of("sender.example MX 10 mx.sender.example", "mx.sender.example CNAME mx.sender.example")));
    }

    @Test
    void ourselvesAndWhatComesAfterIsLeftOut() {
        String[] hosts = {
            "a.sender.example A 192.0.2.1",
            "b.sender.example A 192.0.2.2",
            "c.sender.example A 192.0.2.3",
            "zone gate.example",
            "mx.gate.example A 192.0.2.99",
            "mx2.gate.example A 198.51.100.25"
        };
        String listed = "sender.example MX 10 a.sender.example\nsender.example MX 20 b.sender.example\n"
                + "sender.example MX 30 c.sender.example\n" + String.join("\n", hosts);
        for (String own : List.of("mx.gate.example", "mx2.gate.example")) {
            dns.zones("zone sender.example\nsender.example MX 20 " + own + "\n" + listed);
            for (int seed = 0; seed < 10; seed++) {
                Exchangers destination = new MailExchangers(
                                TestDns.resolver(dns),
                                TestDns.guard(),
                                OURSELVES,
                                IpVersions.BOTH,
                                WorldLimits.DEFAULT,
                                new Random(seed))
                        .of(SENDER);
                assertEquals(List.of("a.sender.example"), names(destination));
            }
        }
        assertEquals("5.4.6", nowhere(of("sender.example MX 10 mx.gate.example", listed)));
        assertEquals("5.4.6", nowhere(of("sender.example MX 10 MX2.gate.example", listed)));
        assertEquals("5.4.6", nowhere(of("sender.example A 198.51.100.25")));
    }

    @Test
    void specialAddressesAreLeftOut() {
        assertEquals("5.4.4", nowhere(of("sender.example A 127.0.0.1")));
        assertEquals(
                "5.4.4",
                nowhere(of(
                        "sender.example MX 10 mx.sender.example",
                        "mx.sender.example A 10.0.0.1",
                        "mx.sender.example AAAA ::ffff:127.0.0.1",
                        "mx.sender.example AAAA fe80::1")));
        Exchangers mixed = of(
                "sender.example MX 10 mx.sender.example",
                "sender.example MX 20 backup.sender.example",
                "mx.sender.example A 169.254.169.254",
                "backup.sender.example A 10.0.0.1",
                "backup.sender.example A 192.0.2.2");
        assertEquals(List.of("backup.sender.example"), names(mixed));
        assertEquals(List.of("192.0.2.2"), addresses(hosts(mixed).getFirst()));
    }

    @Test
    void failuresOfTheDnsAreTriedLater() {
        dns.trouble("sender.example", Trouble.SERVFAIL);
        assertEquals("4.4.3", unknown(of("sender.example A 192.0.2.1")));
        dns.heal();
        String[] two = {
            "sender.example MX 10 mx.sender.example",
            "sender.example MX 20 backup.sender.example",
            "mx.sender.example A 192.0.2.1",
            "backup.sender.example A 192.0.2.2"
        };
        dns.trouble("mx.sender.example", Trouble.SERVFAIL);
        assertEquals(List.of("backup.sender.example"), names(of(two)));
        dns.trouble("backup.sender.example", Trouble.SERVFAIL);
        assertEquals("4.4.3", unknown(of(two)));
        dns.heal();
        dns.trouble("mx.sender.example", "AAAA", Trouble.SERVFAIL);
        assertEquals(2, names(of(two)).size(), "half of an answer is enough");
    }

    @Test
    void halfOfAnAnswerIsNotEnoughInASignedZone() {
        dns.zones("""
                zone sender.example signed
                sender.example MX 10 mx.sender.example
                mx.sender.example A 192.0.2.1
                """);
        MailExchangers exchangers = new MailExchangers(
                TestDns.resolver(dns), TestDns.guard(), OURSELVES, IpVersions.BOTH, WorldLimits.DEFAULT, new Random(7));
        MailHost host = hosts(exchangers.of(SENDER)).getFirst();
        assertTrue(host.listed());
        assertTrue(host.located());
        dns.trouble("mx.sender.example", "AAAA", Trouble.SERVFAIL);
        assertEquals("4.4.3", unknown(exchangers.of(SENDER)));
    }

    @Test
    void aHundredExchangersCostNoMoreThanTheBound() {
        String many = IntStream.range(0, 100)
                .mapToObj(i -> "sender.example MX " + i + " mx" + i + ".sender.example")
                .collect(Collectors.joining("\n"));
        String each = IntStream.range(0, 20)
                .mapToObj(i -> "*.sender.example A 192.0.2." + i)
                .collect(Collectors.joining("\n"));
        Exchangers destination = of(IpVersions.BOTH, new WorldLimits(5, 4, 10), many, each);
        assertEquals(List.of("mx0.sender.example", "mx1.sender.example", "mx2.sender.example"), names(destination));
        assertEquals(
                List.of(4, 4, 2),
                hosts(destination).stream().map(host -> host.addresses().size()).toList());
        assertEquals(0, dns.times("A mx5.sender.example"));
    }

    @Test
    void addressLiterals() {
        MailExchangers exchangers = new MailExchangers(
                TestDns.resolver(dns), TestDns.guard(), OURSELVES, IpVersions.BOTH, WorldLimits.DEFAULT, new Random(7));
        assertEquals(new Exchangers.Literal(InetAddress.ofLiteral("192.0.2.1")), exchangers.ofLiteral("[192.0.2.1]"));
        assertEquals(
                new Exchangers.Literal(InetAddress.ofLiteral("2001:db8::1")),
                exchangers.ofLiteral("[IPv6:2001:db8::1]"));
        assertEquals("5.4.4", nowhere(exchangers.ofLiteral("[127.0.0.1]")));
        assertEquals("5.4.6", nowhere(exchangers.ofLiteral("[198.51.100.25]")));
        assertEquals("5.1.2", nowhere(exchangers.ofLiteral("[x-tag:what]")));
        assertEquals(List.of(), dns.asked());
    }
}
