package io.sekisho.testkit.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsAnswer.Cause;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.platform.dns.DnsLimits;
import io.sekisho.platform.dns.DnsServer;
import io.sekisho.platform.dns.NetworkResolver;
import io.sekisho.platform.net.DnsSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class NetworkResolverTest {
    private static final String ZONES = """
            zone hakone.example signed
            hakone.example       120 MX 10 mx1.hakone.example
            hakone.example       60 MX 20 mx2.hakone.example
            hakone.example       TXT "v=spf1 " "-all"
            hakone.example       NS ns.hakone.example
            ns.hakone.example    A 127.0.0.1
            mx1.hakone.example   A 192.0.2.1
            mx1.hakone.example   A 192.0.2.2
            mx1.hakone.example   AAAA 2001:db8::1
            www.hakone.example   CNAME web.hakone.example
            web.hakone.example   30 CNAME mx1.hakone.example
            out.hakone.example   CNAME host.arai.example
            gone.hakone.example  CNAME nobody.arai.example
            dead.hakone.example  CNAME empty.arai.example
            _25._tcp.mx1.hakone.example TLSA 3 1 1 00AABB
            a.loop.hakone.example CNAME b.loop.hakone.example
            b.loop.hakone.example CNAME c.loop.hakone.example
            c.loop.hakone.example CNAME a.loop.hakone.example
            self.hakone.example  CNAME self.hakone.example
            1.2.0.192.in-addr.arpa PTR mx1.hakone.example
            zone arai.example
            host.arai.example    A 192.0.2.9
            empty.arai.example   TXT x
            zone 2.0.192.in-addr.arpa
            """;
    private static final DnsLimits LIMITS = limits(Duration.ofMillis(150), Duration.ofSeconds(2), 8, 50_000);

    private final FakeDns dns = FakeDns.start(ZONES);
    private final AtomicLong later = new AtomicLong();
    private final NetworkResolver resolver = resolver(LIMITS, new DnsServer(dns.address(), true));

    private static DnsLimits limits(Duration udp, Duration all, int aliases, int answers) {
        return new DnsLimits(
                new DnsLimits.Waits(udp, Duration.ofSeconds(2), all, Duration.ofSeconds(1)),
                2,
                4,
                aliases,
                1232,
                100,
                new DnsLimits.Remembered(
                        answers, 1 << 20, Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofSeconds(5)),
                DnsLimits.DEFAULT.authority());
    }

    /** A resolver whose clock can be moved on. */
    private NetworkResolver resolver(DnsLimits limits, DnsServer... servers) {
        return new NetworkResolver(
                Arrays.asList(servers),
                new DnsSockets(System::nanoTime),
                limits,
                () -> System.nanoTime() + later.get(),
                new SplittableRandom(1));
    }

    @AfterEach
    void close() {
        dns.close();
    }

    private <R extends DnsRecord> DnsAnswer<R> ask(String name, RecordType<R> type) {
        return resolver.lookUp(new DnsName(name), type);
    }

    private <R extends DnsRecord> DnsAnswer.Found<R> found(String name, RecordType<R> type) {
        DnsAnswer<R> answer = ask(name, type);
        assertInstanceOf(DnsAnswer.Found.class, answer, answer::toString);
        return (DnsAnswer.Found<R>) answer;
    }

    private static Cause failure(DnsAnswer<?> answer) {
        assertInstanceOf(DnsAnswer.TemporaryFailure.class, answer, answer::toString);
        return ((DnsAnswer.TemporaryFailure<?>) answer).cause();
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @Test
    void recordsOfAllTypes() {
        DnsName mx1 = new DnsName("mx1.hakone.example");
        DnsAnswer.Found<DnsRecord.Mx> mx = found("hakone.example", RecordType.MX);
        assertEquals(
                List.of(new DnsRecord.Mx(10, mx1), new DnsRecord.Mx(20, new DnsName("mx2.hakone.example"))),
                mx.records());
        assertEquals(Duration.ofSeconds(60), mx.ttl());
        assertTrue(mx.secure());
        assertEquals(
                "v=spf1 -all",
                found("hakone.example", RecordType.TXT).records().getFirst().joined());
        assertEquals(
                List.of(new DnsRecord.A(address("192.0.2.1")), new DnsRecord.A(address("192.0.2.2"))),
                found("mx1.hakone.example", RecordType.A).records());
        assertEquals(
                List.of(new DnsRecord.Aaaa(address("2001:db8::1"))),
                found("mx1.hakone.example", RecordType.AAAA).records());
        assertEquals(
                List.of(new DnsRecord.Tlsa(3, 1, 1, "00aabb")),
                found("_25._tcp.mx1.hakone.example", RecordType.TLSA).records());
        assertEquals(
                List.of(new DnsRecord.Ns(new DnsName("ns.hakone.example"))),
                found("hakone.example", RecordType.NS).records());
        assertEquals(
                1, found("hakone.example", RecordType.SOA).records().getFirst().serial());
        assertEquals(
                List.of(new DnsRecord.Ptr(mx1)),
                found("1.2.0.192.in-addr.arpa", RecordType.PTR).records());
        assertEquals(
                List.of(new DnsRecord.Cname(new DnsName("web.hakone.example"))),
                found("www.hakone.example", RecordType.CNAME).records());
    }

    @Test
    void nothingThere() {
        DnsAnswer<DnsRecord.Mx> none = ask("mx1.hakone.example", RecordType.MX);
        assertEquals(
                new DnsAnswer.NoData<DnsRecord.Mx>(new DnsName("mx1.hakone.example"), Duration.ofSeconds(60), true),
                none);
        assertEquals(
                new DnsAnswer.NoSuchName<DnsRecord.A>(new DnsName("no.hakone.example"), Duration.ofSeconds(60), true),
                ask("no.hakone.example", RecordType.A));
        assertInstanceOf(DnsAnswer.NoData.class, ask("_tcp.mx1.hakone.example", RecordType.A));
        DnsAnswer<DnsRecord.A> unknown = ask("nowhere.test", RecordType.A);
        assertInstanceOf(DnsAnswer.NoSuchName.class, unknown);
        assertFalse(unknown.secure());
    }

    @Test
    void aliasesAreFollowed() {
        DnsAnswer.Found<DnsRecord.A> www = found("www.hakone.example", RecordType.A);
        assertEquals(new DnsName("mx1.hakone.example"), www.owner());
        assertEquals(Duration.ofSeconds(30), www.ttl());
        assertTrue(www.secure());
        DnsAnswer.Found<DnsRecord.A> out = found("out.hakone.example", RecordType.A);
        assertEquals(new DnsName("host.arai.example"), out.owner());
        assertFalse(out.secure(), "the alias leads into a zone that is not signed");
        assertEquals(
                new DnsAnswer.NoSuchName<DnsRecord.A>(
                        new DnsName("nobody.arai.example"), Duration.ofSeconds(60), false),
                ask("gone.hakone.example", RecordType.A));
        assertEquals(
                new DnsAnswer.NoData<DnsRecord.A>(new DnsName("empty.arai.example"), Duration.ofSeconds(60), false),
                ask("dead.hakone.example", RecordType.A));
    }

    @Test
    void circlesOfAliasesEnd() {
        assertEquals(Cause.ALIAS_LOOP, failure(ask("a.loop.hakone.example", RecordType.A)));
        assertEquals(Cause.ALIAS_LOOP, failure(ask("self.hakone.example", RecordType.A)));
        assertEquals(1, dns.times("A a.loop.hakone.example"));
    }

    @Test
    void chainsOfAliasesAreBounded() {
        String chain = IntStream.range(0, 12)
                .mapToObj(i -> "c" + i + ".arai.example CNAME c" + (i + 1) + ".arai.example\n")
                .collect(Collectors.joining());
        dns.zones("zone arai.example\n" + chain + "c12.arai.example A 192.0.2.1\n");
        assertEquals(Cause.ALIAS_LOOP, failure(ask("c0.arai.example", RecordType.A)));
        assertEquals(
                new DnsName("c12.arai.example"),
                found("c4.arai.example", RecordType.A).owner());
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"NO_EDNS", "TRUNCATED", "LIES_BESIDE"})
    void someTroublesAreOvercome(Trouble trouble) {
        dns.trouble("mx1.hakone.example", trouble);
        DnsAnswer.Found<DnsRecord.A> answer = found("mx1.hakone.example", RecordType.A);
        assertEquals(
                List.of(new DnsRecord.A(address("192.0.2.1")), new DnsRecord.A(address("192.0.2.2"))),
                answer.records());
        assertEquals(new DnsName("mx1.hakone.example"), answer.owner());
    }

    @Test
    void liesAboutOtherNamesAreNotRemembered() {
        dns.trouble("mx1.hakone.example", Trouble.LIES_BESIDE);
        found("mx1.hakone.example", RecordType.A);
        assertInstanceOf(DnsAnswer.NoSuchName.class, ask("mallory.example", RecordType.A));
    }

    @Test
    void otherTroublesAreTemporaryFailures() {
        assertEquals(Cause.SERVER_FAILURE, troubled(Trouble.SERVFAIL));
        assertEquals(Cause.REFUSED, troubled(Trouble.REFUSED));
        assertEquals(Cause.NO_ANSWER, troubled(Trouble.TRUNCATED_AND_CLOSED));
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"SILENT", "CUT", "NOISE", "WRONG_ID", "WRONG_QUESTION"})
    void whatIsNoAnswerIsNotTakenForOne(Trouble trouble) {
        assertEquals(Cause.NO_ANSWER, troubled(trouble));
        assertEquals(2, dns.times("A mx1.hakone.example"), "silence is worth a second try");
    }

    private Cause troubled(Trouble trouble) {
        dns.trouble("mx1.hakone.example", trouble);
        try {
            return failure(resolver(LIMITS, new DnsServer(dns.address(), true))
                    .lookUp(new DnsName("mx1.hakone.example"), RecordType.A));
        } finally {
            dns.heal();
        }
    }

    @Test
    void onlyATrustedResolverIsBelievedToHaveValidated() {
        NetworkResolver wary = resolver(LIMITS, new DnsServer(dns.address(), false));
        assertFalse(wary.lookUp(new DnsName("hakone.example"), RecordType.MX).secure());
        assertFalse(wary.lookUp(new DnsName("no.hakone.example"), RecordType.MX).secure());
        dns.trouble("host.arai.example", Trouble.FALSE_AD);
        assertFalse(wary.lookUp(new DnsName("host.arai.example"), RecordType.A).secure());
        assertTrue(ask("host.arai.example", RecordType.A).secure());
    }

    @Test
    void largeAnswersComeOverTcp() {
        String many = IntStream.range(0, 100)
                .mapToObj(i -> "many.example MX " + i + " mail-exchanger-" + i + ".many.example\n")
                .collect(Collectors.joining());
        dns.zones("zone many.example\n" + many);
        assertEquals(100, found("many.example", RecordType.MX).records().size());
        assertTrue(dns.asked().getLast().tcp());
        String text = IntStream.range(0, 250)
                .mapToObj(i -> "\"" + "x".repeat(200) + "\"")
                .collect(Collectors.joining(" "));
        dns.zones("zone text.example\ntext.example TXT " + text);
        assertEquals(
                50_000,
                found("text.example", RecordType.TXT)
                        .records()
                        .getFirst()
                        .joined()
                        .length());
    }

    @Test
    void anotherServerIsAsked() {
        try (FakeDns second = FakeDns.start(ZONES)) {
            NetworkResolver two =
                    resolver(LIMITS, new DnsServer(dns.address(), true), new DnsServer(second.address(), false));
            dns.trouble("*", Trouble.SERVFAIL);
            DnsAnswer<DnsRecord.A> answer = two.lookUp(new DnsName("mx1.hakone.example"), RecordType.A);
            assertEquals(2, answer.records().size());
            assertFalse(answer.secure(), "the one that answered is not trusted");
            two.lookUp(new DnsName("mx1.hakone.example"), RecordType.AAAA);
            assertEquals(0, dns.times("AAAA mx1.hakone.example"), "the one that knew is asked first");
        }
    }

    @Test
    void aServerThatIsNotThereIsPassedOver() {
        InetSocketAddress nobody;
        try (FakeDns gone = FakeDns.start("")) {
            nobody = gone.address();
        }
        NetworkResolver two = resolver(LIMITS, new DnsServer(nobody, true), new DnsServer(dns.address(), true));
        assertEquals(
                2,
                two.lookUp(new DnsName("mx1.hakone.example"), RecordType.A)
                        .records()
                        .size());
        assertEquals(
                Cause.NO_ANSWER,
                failure(resolver(LIMITS, new DnsServer(nobody, true))
                        .lookUp(new DnsName("hakone.example"), RecordType.MX)));
    }

    @Test
    void aSlowAnswerIsGoodIfItComesInTime() {
        dns.delay("hakone.example", Duration.ofMillis(20));
        assertEquals(2, found("hakone.example", RecordType.MX).records().size());
    }

    @Test
    void aLookUpHasATimeForAllItsQuestions() {
        dns.trouble("*", Trouble.SILENT);
        long before = System.nanoTime();
        DnsLimits hurried = limits(Duration.ofSeconds(20), Duration.ofMillis(200), 8, 10);
        assertEquals(
                Cause.NO_ANSWER,
                failure(resolver(hurried, new DnsServer(dns.address(), true))
                        .lookUp(new DnsName("hakone.example"), RecordType.MX)));
        assertTrue(Duration.ofNanos(System.nanoTime() - before).compareTo(Duration.ofSeconds(5)) < 0);
    }

    @Test
    void answersAreRememberedWhileTheyHold() {
        assertEquals(
                Duration.ofSeconds(60), found("hakone.example", RecordType.MX).ttl());
        later.set(Duration.ofSeconds(40).toNanos());
        Duration left = found("hakone.example", RecordType.MX).ttl();
        assertTrue(left.compareTo(Duration.ofSeconds(20)) <= 0 && left.isPositive(), left::toString);
        assertEquals(1, dns.times("MX hakone.example"));
        later.set(Duration.ofSeconds(61).toNanos());
        assertEquals(2, found("hakone.example", RecordType.MX).records().size());
        assertEquals(2, dns.times("MX hakone.example"));
    }

    @Test
    void failuresAndNothingAreRememberedForALittle() {
        dns.trouble("mx1.hakone.example", Trouble.SERVFAIL);
        failure(ask("mx1.hakone.example", RecordType.A));
        dns.heal();
        failure(ask("mx1.hakone.example", RecordType.A));
        ask("no.hakone.example", RecordType.A);
        ask("no.hakone.example", RecordType.A);
        assertEquals(1, dns.times("A no.hakone.example"));
        later.set(Duration.ofSeconds(6).toNanos());
        assertEquals(2, found("mx1.hakone.example", RecordType.A).records().size());
        ask("no.hakone.example", RecordType.A);
        assertEquals(1, dns.times("A no.hakone.example"));
    }

    @Test
    void whatWasUsedLongestAgoIsForgottenFirst() {
        NetworkResolver small = resolver(
                limits(Duration.ofSeconds(1), Duration.ofSeconds(5), 8, 2), new DnsServer(dns.address(), true));
        small.lookUp(new DnsName("mx1.hakone.example"), RecordType.A);
        small.lookUp(new DnsName("mx1.hakone.example"), RecordType.AAAA);
        small.lookUp(new DnsName("mx1.hakone.example"), RecordType.A);
        small.lookUp(new DnsName("hakone.example"), RecordType.MX);
        small.lookUp(new DnsName("mx1.hakone.example"), RecordType.A);
        small.lookUp(new DnsName("mx1.hakone.example"), RecordType.AAAA);
        assertEquals(1, dns.times("A mx1.hakone.example"));
        assertEquals(2, dns.times("AAAA mx1.hakone.example"));
    }
}
