package io.sekisho.testkit.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sekisho.mail.dns.AuthoritativeAnswer;
import io.sekisho.mail.dns.AuthoritativeAnswer.Said;
import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsAnswer.Cause;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.platform.dns.DnsLimits;
import io.sekisho.platform.dns.DnsServer;
import io.sekisho.platform.dns.NetworkResolver;
import io.sekisho.platform.dns.ZoneServers;
import io.sekisho.platform.net.AddressRange;
import io.sekisho.platform.net.DnsSockets;
import io.sekisho.platform.net.SpecialAddresses;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ZoneServersTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress BESIDE = InetAddress.ofLiteral("127.0.0.2");
    private static final String ZONES = """
            zone hakone.example
            hakone.example      NS ns1.dns.example
            hakone.example      NS ns2.dns.example
            hakone.example      TXT old
            alias.hakone.example CNAME text.arai.example
            apex.hakone.example CNAME arai.example
            zone dns.example
            ns1.dns.example     A 127.0.0.1
            ns2.dns.example     A 127.0.0.2
            nsx.dns.example     A 10.0.0.1
            zone arai.example
            arai.example        NS nsx.dns.example
            arai.example        NS nowhere.dns.example
            text.arai.example   TXT elsewhere
            """;

    private final FakeDns first = FakeDns.start(HERE, 0, ZONES);
    private final FakeDns second = FakeDns.start(BESIDE, first.address().getPort(), ZONES);
    private final DnsSockets sockets = new DnsSockets(System::nanoTime);
    private final NetworkResolver resolver = new NetworkResolver(
            List.of(new DnsServer(first.address(), false)),
            sockets,
            DnsLimits.DEFAULT,
            System::nanoTime,
            new SplittableRandom(1));
    private final ZoneServers servers = new ZoneServers(
            resolver,
            sockets,
            new SpecialAddresses(List.of(Objects.requireNonNull(AddressRange.parse("127.0.0.0/8")))),
            DnsLimits.DEFAULT,
            System::nanoTime,
            new SplittableRandom(2),
            first.address().getPort());

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private <R extends DnsRecord> List<Said<R>> asked(String zone, String name, RecordType<R> type) {
        AuthoritativeAnswer<R> answer = servers.authoritative(new DnsName(name), type);
        assertInstanceOf(AuthoritativeAnswer.Asked.class, answer, answer::toString);
        AuthoritativeAnswer.Asked<R> asked = (AuthoritativeAnswer.Asked<R>) answer;
        assertEquals(new DnsName(zone), asked.zone());
        return asked.servers();
    }

    private static String text(Said<DnsRecord.Txt> said) {
        return said.answer().records().getFirst().joined();
    }

    private static Cause failure(Said<?> said) {
        assertInstanceOf(DnsAnswer.TemporaryFailure.class, said.answer(), said::toString);
        return ((DnsAnswer.TemporaryFailure<?>) said.answer()).cause();
    }

    @Test
    void eachServerIsAskedPastTheCache() {
        resolver.lookUp(new DnsName("hakone.example"), RecordType.TXT);
        second.zones(ZONES.replace("TXT old", "TXT new"));
        List<Said<DnsRecord.Txt>> said = asked("hakone.example", "hakone.example", RecordType.TXT);
        assertEquals(
                List.of("ns1.dns.example", "ns2.dns.example"),
                said.stream().map(one -> one.server().text()).toList());
        assertEquals(List.of(HERE, BESIDE), said.stream().map(Said::address).toList());
        assertEquals(
                List.of("old", "new"), said.stream().map(ZoneServersTest::text).toList());
    }

    @Test
    void aNameBelowTheZone() {
        List<Said<DnsRecord.Txt>> said = asked("hakone.example", "a.b.c.hakone.example", RecordType.TXT);
        assertInstanceOf(DnsAnswer.NoSuchName.class, said.getFirst().answer());
    }

    @Test
    void anAliasOfAnotherZoneIsInItsOwn() {
        assertEquals(
                2,
                asked("hakone.example", "apex.hakone.example", RecordType.CNAME).size());
    }

    @Test
    void anAliasOutOfTheZoneIsFollowed() {
        List<Said<DnsRecord.Txt>> said = asked("hakone.example", "alias.hakone.example", RecordType.TXT);
        assertEquals("elsewhere", text(said.getFirst()));
        List<Said<DnsRecord.Cname>> alias = asked("hakone.example", "alias.hakone.example", RecordType.CNAME);
        assertEquals(
                List.of(new DnsRecord.Cname(new DnsName("text.arai.example"))),
                alias.getLast().answer().records());
    }

    @Test
    void aServerThatDoesNotServeTheZoneIsNamed() {
        second.trouble("hakone.example", Trouble.LAME);
        List<Said<DnsRecord.Txt>> said = asked("hakone.example", "hakone.example", RecordType.TXT);
        assertEquals("old", text(said.getFirst()));
        assertEquals(Cause.REFUSED, failure(said.getLast()));
        second.zones("zone other.example");
        second.heal();
        assertEquals(
                Cause.REFUSED,
                failure(asked("hakone.example", "hakone.example", RecordType.TXT)
                        .getLast()));
    }

    @Test
    void addressesOfNameServersAreGuarded() {
        List<Said<DnsRecord.Txt>> said = asked("arai.example", "text.arai.example", RecordType.TXT);
        assertEquals(Cause.NO_ANSWER, failure(said.getFirst()));
        assertEquals(Cause.NOT_ALLOWED, failure(said.getLast()));
        assertNull(said.getLast().address());
    }

    @Test
    void withoutAZoneThereIsNobodyToAsk() {
        assertInstanceOf(
                AuthoritativeAnswer.NobodyToAsk.class,
                servers.authoritative(new DnsName("a.nowhere.test"), RecordType.TXT));
        first.trouble("broken.test", Trouble.SERVFAIL);
        assertInstanceOf(
                AuthoritativeAnswer.NobodyToAsk.class,
                servers.authoritative(new DnsName("broken.test"), RecordType.TXT));
    }
}
