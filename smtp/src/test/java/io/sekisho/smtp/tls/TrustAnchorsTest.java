package io.sekisho.smtp.tls;

import static io.sekisho.smtp.tls.TestIdentities.GOOD;
import static io.sekisho.smtp.tls.TestIdentities.MX;
import static io.sekisho.smtp.tls.TestIdentities.NOW;
import static io.sekisho.smtp.tls.TestIdentities.ROOT;
import static io.sekisho.smtp.tls.TestIdentities.issued;
import static io.sekisho.smtp.tls.TestIdentities.trust;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.tls.CertificateJudge.Verdict;
import io.sekisho.smtp.tls.TlsFailure.Kind;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustAnchorsTest {
    private static final Instant LATER = NOW.plus(Duration.ofDays(1));

    private static TlsFailure rejected(List<X509Certificate> chain, String... names) {
        return switch (trust().judge(chain, List.of(names))) {
            case Verdict.Accepted a -> throw new AssertionError("accepted");
            case Verdict.Rejected(TlsFailure failure) -> failure;
        };
    }

    @Test
    void whatLeadsToARootAndHasTheNameIsAccepted() {
        var accepted = new Verdict.Accepted();
        assertEquals(accepted, trust().judge(GOOD.chain(), List.of(MX)));
        assertEquals(accepted, trust().judge(GOOD.chain(), List.of("other.example", MX)), "any of the names");
        assertEquals(accepted, trust().judge(List.of(GOOD.certificate()), List.of(MX)), "the root need not be sent");
        TlsIdentity between = TestIdentities.authority(ROOT, "Between");
        TlsIdentity below = issued(between, "RSA", LATER, "a.example", "*.hakone.example");
        assertEquals(accepted, trust().judge(below.chain(), List.of(MX)));
        List<X509Certificate> shuffled = List.of(
                below.chain().get(0), below.chain().get(2), below.chain().get(1));
        assertEquals(accepted, trust().judge(shuffled, List.of(MX)), "in any order");
    }

    @Test
    void theReasonIsSaidWithTheWordOfTheStandard() {
        TlsFailure mismatch = rejected(GOOD.chain(), "mx.arai.example");
        assertEquals(Kind.CERTIFICATE_HOST_MISMATCH, mismatch.kind());
        assertEquals(
                "certificate-host-mismatch: the certificate is for mx.hakone.example, not for mx.arai.example",
                mismatch.toString());
        TlsFailure expired =
                rejected(issued(ROOT, "EC", NOW.minusSeconds(1), MX).chain(), MX);
        assertEquals(Kind.CERTIFICATE_EXPIRED, expired.kind());
        assertTrue(expired.detail().contains("2026-11-24T23:59:59Z"), expired.detail());
        Instant notYet = NOW.plus(Duration.ofDays(3651));
        assertEquals(
                Kind.CERTIFICATE_EXPIRED,
                rejected(issued(ROOT, "EC", notYet, MX).chain(), MX).kind());
        assertEquals(
                Kind.CERTIFICATE_NOT_TRUSTED,
                rejected(issued(null, "EC", LATER, MX).chain(), MX).kind());
        TlsIdentity stranger = TestIdentities.root("Root of Trust");
        assertEquals(
                Kind.CERTIFICATE_NOT_TRUSTED,
                rejected(issued(stranger, "EC", LATER, MX).chain(), MX).kind(),
                "a root of the same name is not the root");
        TlsIdentity between = TestIdentities.authority(ROOT, "Between");
        assertEquals(
                Kind.CERTIFICATE_NOT_TRUSTED,
                rejected(List.of(issued(between, "EC", LATER, MX).certificate()), MX)
                        .kind(),
                "the certificate between is missing");
        assertEquals(
                Kind.CERTIFICATE_NOT_TRUSTED,
                rejected(issued(GOOD, "EC", LATER, MX).chain(), MX).kind(),
                "a server is no authority");
        assertEquals(
                Kind.CERTIFICATE_HOST_MISMATCH,
                rejected(issued(ROOT, "EC", LATER).chain(), "server").kind(),
                "the common name does not count");
    }

    @Test
    void aStarStandsForOneLabel() {
        assertTrue(TrustAnchors.covers("mx.hakone.example", "mx.hakone.example"));
        assertTrue(TrustAnchors.covers("*.hakone.example", "mx.hakone.example"));
        assertFalse(TrustAnchors.covers("*.hakone.example", "a.mx.hakone.example"));
        assertFalse(TrustAnchors.covers("*.hakone.example", "hakone.example"));
        assertFalse(TrustAnchors.covers("*.example", "hakone.example"), "a whole top-level domain");
        assertFalse(TrustAnchors.covers("m*.hakone.example", "mx.hakone.example"));
        assertFalse(TrustAnchors.covers("*", "localhost"));
        assertFalse(TrustAnchors.covers("*.hakone.example", ".hakone.example"));
    }

    @Test
    void thePlatformHasRoots() throws Exception {
        assertTrue(TrustAnchors.ofThePlatform().size() > 20);
    }
}
