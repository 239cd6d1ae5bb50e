package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.Claimed;
import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.spool.TestMessages;
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
import io.sekisho.platform.dns.DnsLimits;
import io.sekisho.platform.dns.DnsServer;
import io.sekisho.platform.dns.NetworkResolver;
import io.sekisho.platform.net.AddressRange;
import io.sekisho.platform.net.DnsSockets;
import io.sekisho.platform.net.Listening;
import io.sekisho.platform.net.SocketConnector;
import io.sekisho.platform.net.SpecialAddresses;
import io.sekisho.platform.net.Watchdog;
import io.sekisho.smtp.client.ClientLimits;
import io.sekisho.smtp.client.SmtpClient;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.TlsLimits;
import io.sekisho.smtp.tls.TrustAnchors;
import io.sekisho.testkit.dns.FakeDns;
import io.sekisho.testkit.dns.Trouble;
import io.sekisho.testkit.tls.TestAuthority;
import io.sekisho.testkit.tls.TestIdentity;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real deliveries to servers of the world: what arrives, and what TLS reports will say of it (RFC 8460 section 4.3). */
class WorldTlsTest {
    private static final Instant NOW = TestMessages.NOW;
    private static final TestAuthority ROOT = TestAuthority.root("root of the world");
    private static final TestIdentity GOOD = ROOT.issue("mx.world.example");
    private static final LaneKey LANE = new LaneKey(new UUID(0, 7), new Destination.World("world.example"));
    private static final String ZONE = """
            zone world.example signed
            world.example MX 10 mx.world.example
            mx.world.example A 127.0.0.1
            """;
    private static final String STS = "_mta-sts.world.example TXT \"v=STSv1; id=1;\"\n";
    private static final Watchdog WATCHDOG = new Watchdog(System::nanoTime, Duration.ofSeconds(1));

    private final FakeDns dns = FakeDns.start("");
    private final List<String> seen = new ArrayList<>();
    private final TestMessages messages = new TestMessages();
    private @Nullable WorldServer server;
    private String policy = "";

    @AfterEach
    void stop() {
        dns.close();
        if (server != null) {
            server.close();
        }
    }

    @AfterAll
    static void release() {
        WATCHDOG.close();
    }

    private static String policy(String mode, String mx) {
        return "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 86400\n";
    }

    private static String tlsa(int usage, TestIdentity identity) throws GeneralSecurityException {
        byte[] key = identity.certificate().getPublicKey().getEncoded();
        return "_25._tcp.mx.world.example TLSA " + usage + " 1 1 "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key)) + "\n";
    }

    /** One attempt to a server that shows this identity, or offers no TLS. */
    private DeliveryAttempt.Result deliver(@Nullable TestIdentity identity, String more)
            throws GeneralSecurityException {
        WorldServer world = new WorldServer(identity);
        server = world;
        dns.zones(ZONE + more);
        NetworkResolver resolver = new NetworkResolver(
                List.of(new DnsServer(dns.address(), true)),
                new DnsSockets(System::nanoTime),
                DnsLimits.DEFAULT,
                System::nanoTime,
                new SplittableRandom(1));
        var loopback = new SpecialAddresses(List.of(Objects.requireNonNull(AddressRange.parse("127.0.0.0/8"))));
        var own = new OwnHosts(Set.of(new DomainName("gate.example")), Set.of());
        var exchangers =
                new MailExchangers(resolver, loopback, own, IpVersions.BOTH, WorldLimits.DEFAULT, new Random(7));
        PolicyFetcher fetcher = asked -> policy.isEmpty()
                ? new PolicyFetcher.Fetched.Failed(PolicyFailure.STS_POLICY_FETCH_ERROR, "none")
                : new PolicyFetcher.Fetched.Text(policy);
        var sts = new MtaSts(resolver, fetcher, new MemoryPolicyCache(10), StsLimits.DEFAULT, () -> NOW);
        var hops = new WorldHops(
                exchangers,
                new DestinationTls(resolver, sts),
                (facts, mx, address, result) -> seen.add(facts.type().word() + " " + facts.domain() + " " + mx + " "
                        + (address == null ? "-" : address.getHostAddress()) + " " + result.word()),
                () -> NOW,
                world.port());
        var connector = new SocketConnector(
                host -> {
                    throw new UnknownHostException(host);
                },
                loopback,
                new Listening(),
                WATCHDOG);
        var tls = new ClientTls(
                new TrustAnchors(List.of(ROOT.certificate()), () -> NOW), TlsLimits.defaults(), System::nanoTime);
        try (SmtpClient client =
                new SmtpClient("gate.example", connector, ClientLimits.defaults(), tls, System::nanoTime)) {
            Claimed claimed = Objects.requireNonNull(messages.journalled(LANE).lease(LANE, new UUID(0, 1)));
            return new DeliveryAttempt(
                            client,
                            hops,
                            new HopHealth(DeliveryLimits.DEFAULT),
                            RetrySchedule.INBOUND,
                            new TraceField("gate.example"),
                            event -> {},
                            () -> NOW)
                    .run(new Work(claimed, TestMessages.content(), true));
        }
    }

    private void delivered(DeliveryAttempt.Result result, boolean tls, String counted) {
        assertInstanceOf(
                DeliveryOutcome.Delivered.class, result.items().getFirst().outcome(), seen::toString);
        assertEquals(List.of(tls), Objects.requireNonNull(server).taken());
        assertEquals(List.of(counted), seen);
    }

    /** Not delivered, and not asked for MAIL. */
    private void waits(DeliveryAttempt.Result result, String counted) {
        assertTrue(result.items().stream()
                .allMatch(item -> item.outcome() instanceof DeliveryOutcome.Returned
                        || item.outcome() instanceof DeliveryOutcome.Deferred));
        assertEquals(List.of(), Objects.requireNonNull(server).taken());
        assertEquals(List.of(counted), seen);
    }

    private static String none(String result) {
        return "no-policy-found world.example mx.world.example 127.0.0.1 " + result;
    }

    private static String sts(String result) {
        return "sts world.example mx.world.example 127.0.0.1 " + result;
    }

    private static String dane(String result) {
        return "tlsa mx.world.example mx.world.example 127.0.0.1 " + result;
    }

    @Test
    void withoutAPolicyAnyCertificateIsASuccess() throws Exception {
        delivered(deliver(TestAuthority.root("nobody").issue("other.example"), ""), true, none("success"));
    }

    @Test
    void withoutAPolicyPlaintextIsAFailureThatIsDelivered() throws Exception {
        delivered(deliver(null, ""), false, none("starttls-not-supported"));
    }

    @Test
    void anEnforcedPolicyIsKept() throws Exception {
        policy = policy("enforce", "mx.world.example");
        delivered(deliver(GOOD, STS), true, sts("success"));
    }

    @Test
    void anEnforcedPolicyForbidsTheWrongCertificates() throws Exception {
        policy = policy("enforce", "*.world.example");
        waits(deliver(ROOT.issue("other.example"), STS), sts("certificate-host-mismatch"));
    }

    @Test
    void anEnforcedPolicyForbidsOutdatedCertificates() throws Exception {
        policy = policy("enforce", "*.world.example");
        waits(deliver(ROOT.issue(NOW.minusSeconds(60), "mx.world.example"), STS), sts("certificate-expired"));
    }

    @Test
    void anEnforcedPolicyForbidsStrangeAuthorities() throws Exception {
        policy = policy("enforce", "*.world.example");
        waits(deliver(TestAuthority.root("nobody").issue("mx.world.example"), STS), sts("certificate-not-trusted"));
    }

    @Test
    void anEnforcedPolicyForbidsPlaintext() throws Exception {
        policy = policy("enforce", "*.world.example");
        waits(deliver(null, STS), sts("starttls-not-supported"));
    }

    @Test
    void aHostThatThePolicyDoesNotNameIsNotConnected() throws Exception {
        policy = policy("enforce", "other.example");
        waits(deliver(GOOD, STS), "sts world.example mx.world.example - validation-failure");
    }

    @Test
    void aPolicyInTestingIsReportedAndTheMailDelivered() throws Exception {
        policy = policy("testing", "mx.world.example");
        delivered(
                deliver(TestAuthority.root("nobody").issue("mx.world.example"), STS),
                true,
                sts("certificate-not-trusted"));
    }

    @Test
    void aPolicyInTestingIsReportedWithoutTls() throws Exception {
        policy = policy("testing", "mx.world.example");
        delivered(deliver(null, STS), false, sts("starttls-not-supported"));
    }

    @Test
    void aPolicyInTestingThatDoesNotNameTheHostIsReported() throws Exception {
        policy = policy("testing", "other.example");
        delivered(deliver(GOOD, STS), true, sts("validation-failure"));
    }

    @Test
    void aPolicyThatCannotBeHadIsReported() throws Exception {
        delivered(deliver(GOOD, STS), true, sts("sts-policy-fetch-error"));
    }

    @Test
    void aPolicyThatCannotBeReadIsReported() throws Exception {
        policy = "hello";
        delivered(deliver(GOOD, STS), true, sts("sts-policy-invalid"));
    }

    @Test
    void aCertificateThatMatchesItsTlsaRecordIsASuccess() throws Exception {
        TestIdentity own = TestAuthority.root("nobody").issue("anything.example");
        delivered(deliver(own, tlsa(3, own)), true, dane("success"));
    }

    @Test
    void aCertificateThatMatchesNoTlsaRecordIsAFailure() throws Exception {
        waits(deliver(GOOD, tlsa(3, ROOT.issue("mx.world.example"))), dane("validation-failure"));
    }

    @Test
    void withTlsaRecordsPlaintextIsAFailure() throws Exception {
        waits(deliver(null, tlsa(3, GOOD)), dane("starttls-not-supported"));
    }

    @Test
    void tlsaRecordsOfNoUseAreReported() throws Exception {
        delivered(deliver(GOOD, tlsa(1, GOOD)), true, dane("tlsa-invalid"));
    }

    @Test
    void tlsaRecordsThatCannotBeHadForbidTheHost() throws Exception {
        dns.trouble("_25._tcp.mx.world.example", Trouble.SERVFAIL);
        waits(deliver(GOOD, tlsa(3, GOOD)), "tlsa mx.world.example mx.world.example - dnssec-invalid");
    }
}
