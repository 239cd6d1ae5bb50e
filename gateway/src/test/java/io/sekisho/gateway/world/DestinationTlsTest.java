package io.sekisho.gateway.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.testkit.dns.FakeDns;
import io.sekisho.testkit.dns.Trouble;
import io.sekisho.testkit.tls.TestAuthority;
import io.sekisho.testkit.tls.TestIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DestinationTlsTest {
    private static final DomainName HAKONE = new DomainName("hakone.example");
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
    private static final TestIdentity SERVER = TestAuthority.root("Root").issue("mx.hakone.example");
    private static final String TLSA =
            DaneMatcherTest.record(3, 1, 1, SERVER.certificate()).toString();
    private static final String HOST = """
            hakone.example MX 10 mx.hakone.example
            mx.hakone.example A 192.0.2.1
            """;
    private static final String SIGNED = "zone hakone.example signed\n" + HOST;

    private final FakeDns dns = FakeDns.start("");
    private String policy = "";

    @AfterEach
    void close() {
        dns.close();
    }

    private TlsRequirement required(String zones) {
        dns.zones(zones);
        var resolver = TestDns.resolver(dns);
        MtaSts sts = new MtaSts(
                resolver,
                domain -> policy.isEmpty()
                        ? new PolicyFetcher.Fetched.Failed(PolicyFailure.STS_POLICY_FETCH_ERROR, "none")
                        : new PolicyFetcher.Fetched.Text(policy),
                new MemoryPolicyCache(10),
                StsLimits.DEFAULT,
                () -> NOW);
        Exchangers destination = new MailExchangers(
                        resolver,
                        TestDns.guard(),
                        new OwnHosts(Set.of(), Set.of()),
                        IpVersions.BOTH,
                        WorldLimits.DEFAULT,
                        new Random(7))
                .of(HAKONE);
        assertInstanceOf(Exchangers.Hosts.class, destination, destination::toString);
        return new DestinationTls(resolver, sts)
                .of(HAKONE, ((Exchangers.Hosts) destination).hosts().getFirst());
    }

    private static <T extends TlsRequirement> T is(Class<T> kind, TlsRequirement requirement) {
        return assertInstanceOf(kind, requirement, requirement::toString);
    }

    @Test
    void nothingIsDemanded() {
        for (String zones : List.of(SIGNED, "zone hakone.example\n" + HOST)) {
            TlsFacts facts =
                    is(TlsRequirement.Opportunistic.class, required(zones)).facts();
            assertEquals("no-policy-found", facts.type().word());
        }
    }

    @Test
    void daneIsDemanded() {
        TlsRequirement.Dane dane =
                is(TlsRequirement.Dane.class, required(SIGNED + "_25._tcp.mx.hakone.example TLSA " + TLSA));
        assertInstanceOf(DaneVerdict.Matched.class, dane.matcher().judge(SERVER.chain(), NOW));
        assertEquals(
                new TlsFacts(TlsFacts.Type.TLSA, List.of(TLSA), new DnsName("mx.hakone.example"), List.of(), null),
                dane.facts());
        assertEquals(
                Set.of(HAKONE, new DomainName("mx.hakone.example")),
                dane.matcher().names());
    }

    @Test
    void withoutDnssecThereIsNoDane() {
        String tlsa = "_25._tcp.mx.hakone.example TLSA " + TLSA;
        is(TlsRequirement.Opportunistic.class, required("zone hakone.example\n" + HOST + tlsa));
        String hostElsewhere = """
                zone hakone.example signed
                hakone.example MX 10 mx.dc.example
                zone dc.example
                mx.dc.example A 192.0.2.1
                """;
        dns.heal();
        is(TlsRequirement.Opportunistic.class, required(hostElsewhere + "_25._tcp.mx.dc.example TLSA " + TLSA));
        assertEquals(0, dns.times("TLSA _25._tcp.mx.dc.example"), "a host that is not signed is not asked about");
        String listElsewhere = """
                zone hakone.example
                hakone.example MX 10 mx.dc.example
                zone dc.example signed
                mx.dc.example A 192.0.2.1
                """;
        is(TlsRequirement.Opportunistic.class, required(listElsewhere + "_25._tcp.mx.dc.example TLSA " + TLSA));
    }

    @Test
    void recordsThatAreNotValidatedAreNone() {
        String records = "zone _tcp.mx.hakone.example\n_25._tcp.mx.hakone.example TLSA " + TLSA;
        is(TlsRequirement.Opportunistic.class, required(SIGNED + records));
        assertEquals(1, dns.times("TLSA _25._tcp.mx.hakone.example"));
        String alias = """
                zone hakone.example signed
                hakone.example MX 10 mx.open.example
                zone open.example
                mx.open.example CNAME real.open.example
                real.open.example A 192.0.2.1
                """;
        is(TlsRequirement.Opportunistic.class, required(alias));
        assertEquals(0, dns.times("TLSA _25._tcp.mx.open.example"));
    }

    @Test
    void recordsThatCannotBeUsedDemandEncryptionOnly() {
        TlsFacts facts = is(
                        TlsRequirement.Encrypted.class,
                        required(SIGNED + "_25._tcp.mx.hakone.example TLSA 3 1 1 00AA\n"
                                + "_25._tcp.mx.hakone.example TLSA 1 1 1 " + "00".repeat(32)))
                .facts();
        assertEquals(PolicyFailure.TLSA_INVALID, facts.failure());
        assertEquals(2, facts.policy().size());
    }

    @Test
    void recordsThatCannotBeHadForbidDelivery() {
        for (Trouble trouble : List.of(Trouble.SERVFAIL, Trouble.REFUSED)) {
            dns.trouble("_25._tcp.mx.hakone.example", trouble);
            TlsFacts facts = is(TlsRequirement.NotNow.class, required(SIGNED)).facts();
            assertEquals(
                    "dnssec-invalid",
                    String.valueOf(
                            facts.failure() == null ? null : facts.failure().word()));
        }
    }

    @Test
    void aliasesOfHosts() {
        String aliased = """
                zone hakone.example signed
                hakone.example MX 10 mx.hakone.example
                mx.hakone.example CNAME real.dc.example
                zone dc.example signed
                real.dc.example A 192.0.2.1
                """;
        TlsRequirement.Dane atEnd = is(
                TlsRequirement.Dane.class,
                required(aliased + "_25._tcp.real.dc.example TLSA " + TLSA
                        + "\n_25._tcp.mx.hakone.example TLSA 3 1 1 00"));
        assertEquals(new DnsName("real.dc.example"), atEnd.facts().domain());
        TlsRequirement.Dane atBeginning =
                is(TlsRequirement.Dane.class, required(aliased + "_25._tcp.mx.hakone.example TLSA " + TLSA));
        assertEquals(new DnsName("mx.hakone.example"), atBeginning.facts().domain());
        String intoTheOpen = aliased.replace("zone dc.example signed", "zone dc.example");
        TlsRequirement.Dane byAlias =
                is(TlsRequirement.Dane.class, required(intoTheOpen + "_25._tcp.mx.hakone.example TLSA " + TLSA));
        assertEquals(new DnsName("mx.hakone.example"), byAlias.facts().domain());
    }

    @Test
    void aDomainThatIsItsOwnExchanger() {
        TlsRequirement.Dane dane = is(
                TlsRequirement.Dane.class,
                required("zone hakone.example signed\nhakone.example A 192.0.2.1\n_25._tcp.hakone.example TLSA "
                        + TLSA));
        assertEquals(DnsName.of(HAKONE), dane.facts().domain());
    }

    private static String announced(String zones) {
        return zones + "_mta-sts.hakone.example TXT \"v=STSv1; id=1\"\n";
    }

    @Test
    void mtaStsIsDemanded() {
        policy = "version: STSv1\nmode: enforce\nmx: *.hakone.example\nmax_age: 86400\n";
        TlsRequirement.Verified verified = is(TlsRequirement.Verified.class, required(announced(SIGNED)));
        assertEquals(new DomainName("mx.hakone.example"), verified.host());
        assertEquals(true, verified.mandatory());
        assertEquals("sts", verified.facts().type().word());
        assertEquals(List.of("*.hakone.example"), verified.facts().mxPatterns());
        assertEquals(4, verified.facts().policy().size());
        policy = policy.replace("enforce", "testing");
        assertEquals(
                false,
                is(TlsRequirement.Verified.class, required(announced(SIGNED))).mandatory());
        policy = policy.replace("testing", "none");
        is(TlsRequirement.Opportunistic.class, required(announced(SIGNED)));
    }

    @Test
    void aHostThatThePolicyDoesNotName() {
        policy = "version: STSv1\nmode: enforce\nmx: mx.arai.example\nmax_age: 86400\n";
        assertEquals(
                PolicyFailure.VALIDATION_FAILURE,
                is(TlsRequirement.NotAllowed.class, required(announced(SIGNED)))
                        .facts()
                        .failure());
        policy = policy.replace("enforce", "testing");
        TlsRequirement.Verified tested = is(TlsRequirement.Verified.class, required(announced(SIGNED)));
        assertEquals(PolicyFailure.VALIDATION_FAILURE, tested.facts().failure());
    }

    @Test
    void daneComesBeforeMtaSts() {
        policy = "version: STSv1\nmode: none\nmax_age: 86400\n";
        is(TlsRequirement.Dane.class, required(announced(SIGNED) + "_25._tcp.mx.hakone.example TLSA " + TLSA));
        dns.trouble("_25._tcp.mx.hakone.example", Trouble.SERVFAIL);
        is(TlsRequirement.NotNow.class, required(announced(SIGNED)));
    }

    @Test
    void aPolicyThatCannotBeHadIsReported() {
        TlsFacts facts = is(TlsRequirement.Opportunistic.class, required(announced(SIGNED)))
                .facts();
        assertEquals(TlsFacts.Type.STS, facts.type());
        assertEquals(PolicyFailure.STS_POLICY_FETCH_ERROR, facts.failure());
    }
}
