package io.sekisho.gateway.delivery;

import io.sekisho.gateway.world.DaneMatcher;
import io.sekisho.gateway.world.DaneVerdict;
import io.sekisho.smtp.tls.CertificateJudge;
import io.sekisho.smtp.tls.TlsFailure;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

/** Judges certificates by TLSA records (RFC 7672). Equal records make equal judges, so that connections can be used again. */
record DaneJudge(DaneMatcher matcher, InstantSource clock) implements CertificateJudge {
    @Override
    public Verdict judge(List<X509Certificate> chain, List<String> names) {
        return switch (matcher.judge(chain, clock.instant())) {
            case DaneVerdict.Matched matched -> new Verdict.Accepted();
            case DaneVerdict.Unmatched(DaneVerdict.Cause cause, String detail) ->
                new Verdict.Rejected(new TlsFailure(kind(cause), detail));
        };
    }

    private static TlsFailure.Kind kind(DaneVerdict.Cause cause) {
        return switch (cause) {
            case VALIDATION_FAILURE -> TlsFailure.Kind.VALIDATION_FAILURE;
            case CERTIFICATE_HOST_MISMATCH -> TlsFailure.Kind.CERTIFICATE_HOST_MISMATCH;
            case CERTIFICATE_EXPIRED -> TlsFailure.Kind.CERTIFICATE_EXPIRED;
            case CERTIFICATE_NOT_TRUSTED -> TlsFailure.Kind.CERTIFICATE_NOT_TRUSTED;
        };
    }
}
