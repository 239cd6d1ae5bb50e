package io.sekisho.gateway.tlsreport;

import io.sekisho.gateway.world.PolicyFailure;
import io.sekisho.gateway.world.TlsFacts;
import io.sekisho.smtp.tls.TlsFailure;
import io.sekisho.smtp.tls.TlsOutcome;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt is counted: success, or one of the result types of reports (RFC 8460 section 4.3). {@code dane-required} is not
 * among them: it is for senders that are set to want DANE everywhere, which we never do.
 */
public enum TlsResult {
    /** The connection was protected as the policy asks, or as well as may be where there is none. */
    SUCCESS("success"),
    /** The server offers no STARTTLS, or did not grant it. */
    STARTTLS_NOT_SUPPORTED("starttls-not-supported"),
    /** The certificate is for other names. */
    CERTIFICATE_HOST_MISMATCH("certificate-host-mismatch"),
    /** A certificate does not hold now. */
    CERTIFICATE_EXPIRED("certificate-expired"),
    /** The certificate leads to nobody who is trusted. */
    CERTIFICATE_NOT_TRUSTED("certificate-not-trusted"),
    /** Another failure: the handshake broke, or the host is not one that the policy names. */
    VALIDATION_FAILURE("validation-failure"),
    /** There are TLSA records, but none that can be used. */
    TLSA_INVALID("tlsa-invalid"),
    /** The TLSA records could not be had, or their signatures are broken. */
    DNSSEC_INVALID("dnssec-invalid"),
    /** The MTA-STS policy could not be fetched. */
    STS_POLICY_FETCH_ERROR("sts-policy-fetch-error"),
    /** The MTA-STS policy cannot be read. */
    STS_POLICY_INVALID("sts-policy-invalid"),
    /** The certificate of the server that has the MTA-STS policy does not hold. */
    STS_WEBPKI_INVALID("sts-webpki-invalid");

    private final String word;

    TlsResult(String word) {
        this.word = word;
    }

    /** The word of the standard. */
    public String word() {
        return word;
    }

    /**
     * What a connection came to under a policy: a failure of the connection comes before one of the policy itself.
     *
     * @return null when TLS was not reached, which is nothing that a report counts
     */
    public static @Nullable TlsResult of(TlsFacts facts, TlsOutcome outcome) {
        return switch (outcome) {
            case TlsOutcome.Untried untried -> null;
            case TlsOutcome.Failed(TlsFailure failure) ->
                switch (failure.kind()) {
                    case STARTTLS_NOT_SUPPORTED -> STARTTLS_NOT_SUPPORTED;
                    case CERTIFICATE_HOST_MISMATCH -> CERTIFICATE_HOST_MISMATCH;
                    case CERTIFICATE_EXPIRED -> CERTIFICATE_EXPIRED;
                    case CERTIFICATE_NOT_TRUSTED -> CERTIFICATE_NOT_TRUSTED;
                    case VALIDATION_FAILURE -> VALIDATION_FAILURE;
                };
            case TlsOutcome.Protected protectedWell -> ofPolicy(facts);
        };
    }

    /** What was wrong with the policy itself; success when nothing was. */
    static TlsResult ofPolicy(TlsFacts facts) {
        PolicyFailure failure = facts.failure();
        if (failure == null) {
            return SUCCESS;
        }
        return switch (failure) {
            case TLSA_INVALID -> TLSA_INVALID;
            case DNSSEC_INVALID -> DNSSEC_INVALID;
            case STS_POLICY_FETCH_ERROR -> STS_POLICY_FETCH_ERROR;
            case STS_POLICY_INVALID -> STS_POLICY_INVALID;
            case STS_WEBPKI_INVALID -> STS_WEBPKI_INVALID;
            case VALIDATION_FAILURE -> VALIDATION_FAILURE;
        };
    }
}
