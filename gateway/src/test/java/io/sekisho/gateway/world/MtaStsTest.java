package io.sekisho.gateway.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import io.sekisho.platform.dns.ResolvedHosts;
import io.sekisho.platform.net.HttpsFetcher;
import io.sekisho.platform.net.HttpsLimits;
import io.sekisho.platform.net.Watchdog;
import io.sekisho.testkit.dns.FakeDns;
import io.sekisho.testkit.dns.Trouble;
import io.sekisho.testkit.tls.TestAuthority;
import io.sekisho.testkit.web.FakeWebsite;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real DNS server and a real web server. */
@Timeout(30)
class MtaStsTest {
    private static final DomainName HAKONE = new DomainName("hakone.example");
    private static final TestAuthority AUTHORITY = TestAuthority.root("Root");
    private static final String ENFORCE = "version: STSv1\nmode: enforce\nmx: mx.hakone.example\nmax_age: 604800\n";
    private static final String TESTING = ENFORCE.replace("enforce", "testing");

    private final FakeDns dns = FakeDns.start("");
    private final FakeWebsite site = FakeWebsite.start(AUTHORITY.issue("mta-sts.hakone.example"));
    private final Watchdog watchdog = new Watchdog(System::nanoTime, Duration.ofMillis(20));
    private Instant now = Instant.parse("2026-11-25T00:00:00Z");
    private final MtaSts sts = sts(site, address -> true);

    private MtaSts sts(FakeWebsite from, io.sekisho.platform.net.AddressGuard guard) {
        HttpsFetcher https = new HttpsFetcher(
                new ResolvedHosts(TestDns.resolver(dns)),
                guard,
                watchdog,
                AUTHORITY.trusting().getSocketFactory(),
                new HttpsLimits(Duration.ofSeconds(2), Duration.ofSeconds(2), 2, 4096, 64 * 1024));
        return new MtaSts(
                TestDns.resolver(dns),
                new WebPolicyFetcher(https, from.port()),
                new MemoryPolicyCache(10),
                StsLimits.DEFAULT,
                () -> now);
    }

    @BeforeEach
    void publish() {
        announce("1");
        site.page(ENFORCE);
    }

    @AfterEach
    void close() {
        site.close();
        dns.close();
        watchdog.close();
    }

    private void announce(String id) {
        dns.zones("zone hakone.example\n_mta-sts.hakone.example TXT \"v=STSv1; id=" + id
                + "\"\nmta-sts.hakone.example A 127.0.0.1\n");
    }

    private StsPolicy.Mode mode() {
        MtaSts.Sts found = sts.of(HAKONE);
        assertInstanceOf(MtaSts.Sts.Known.class, found, found::toString);
        return ((MtaSts.Sts.Known) found).policy().mode();
    }

    private static PolicyFailure failure(MtaSts.Sts found) {
        assertInstanceOf(MtaSts.Sts.Broken.class, found, found::toString);
        return ((MtaSts.Sts.Broken) found).failure();
    }

    @Test
    void aPolicyIsFetchedOnceForAnId() {
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
        assertEquals(1, site.requests().size());
        assertTrue(site.requests()
                .getFirst()
                .startsWith("GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.hakone.example"));
        announce("2");
        site.page(TESTING);
        assertEquals(StsPolicy.Mode.TESTING, mode());
        assertEquals(2, site.requests().size());
    }

    @Test
    void withoutARecordNothingIsFetched() {
        dns.zones("zone hakone.example\nmta-sts.hakone.example A 127.0.0.1\n");
        assertInstanceOf(MtaSts.Sts.None.class, sts.of(HAKONE));
        dns.trouble("_mta-sts.hakone.example", Trouble.SERVFAIL);
        assertInstanceOf(MtaSts.Sts.None.class, sts.of(HAKONE));
        assertEquals(0, site.requests().size());
    }

    @Test
    void aKeptPolicyHoldsUntilItRunsOut() {
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
        site.raw("HTTP/1.1 404 Not Found\r\n\r\n");
        announce("2");
        assertEquals(StsPolicy.Mode.ENFORCE, mode(), "the new one cannot be fetched");
        dns.zones("zone hakone.example");
        assertEquals(StsPolicy.Mode.ENFORCE, mode(), "the record is gone");
        dns.trouble("*", Trouble.SERVFAIL);
        assertEquals(StsPolicy.Mode.ENFORCE, mode(), "the DNS is down");
        now = now.plus(Duration.ofDays(7));
        assertInstanceOf(MtaSts.Sts.None.class, sts.of(HAKONE));
    }

    @Test
    void aPolicyIsFetchedAgainBeforeItRunsOut() {
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
        now = now.plus(Duration.ofHours(23));
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
        assertEquals(1, site.requests().size());
        now = now.plus(Duration.ofHours(1));
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
        assertEquals(2, site.requests().size());
        now = now.plus(Duration.ofDays(6).plusHours(23));
        site.raw("");
        assertEquals(StsPolicy.Mode.ENFORCE, mode(), "it holds from the second fetch");
    }

    @Test
    void aFetchThatFailedIsNotTriedAgainAtOnce() {
        site.raw("HTTP/1.1 500 Oops\r\n\r\n");
        assertEquals(PolicyFailure.STS_POLICY_FETCH_ERROR, failure(sts.of(HAKONE)));
        site.page(ENFORCE);
        assertEquals(PolicyFailure.STS_POLICY_FETCH_ERROR, failure(sts.of(HAKONE)));
        assertEquals(1, site.requests().size());
        now = now.plus(Duration.ofMinutes(5));
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
    }

    @Test
    void aNewIdIsTriedAtOnce() {
        site.page("version: STSv1\n");
        assertEquals(PolicyFailure.STS_POLICY_INVALID, failure(sts.of(HAKONE)));
        site.page(ENFORCE);
        announce("2");
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
    }

    @Test
    void failuresHaveTheWordsOfReports() {
        site.raw("HTTP/1.1 301 Moved\r\nLocation: https://mta-sts.hakone.example/x\r\n\r\n");
        assertEquals(
                "sts-policy-fetch-error",
                failure(sts(site, address -> true).of(HAKONE)).word());
        site.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + ENFORCE);
        assertEquals(
                "sts-policy-fetch-error",
                failure(sts(site, address -> true).of(HAKONE)).word());
        site.page(ENFORCE + "x: " + "y".repeat(64 * 1024));
        assertEquals(
                "sts-policy-fetch-error",
                failure(sts(site, address -> true).of(HAKONE)).word());
        site.page("no policy");
        assertEquals(
                "sts-policy-invalid",
                failure(sts(site, address -> true).of(HAKONE)).word());
        site.page(ENFORCE);
        assertEquals(
                "sts-policy-fetch-error",
                failure(sts(site, TestDns.guard()).of(HAKONE)).word());
        try (FakeWebsite other = FakeWebsite.start(AUTHORITY.issue("hakone.example"))) {
            other.page(ENFORCE);
            assertEquals(
                    "sts-webpki-invalid",
                    failure(sts(other, address -> true).of(HAKONE)).word());
        }
    }

    @Test
    void aPolicyOfNoneEndsIt() {
        assertEquals(StsPolicy.Mode.ENFORCE, mode());
        site.page("version: STSv1\nmode: none\nmax_age: 86400\n");
        announce("3");
        assertEquals(StsPolicy.Mode.NONE, mode());
    }
}
