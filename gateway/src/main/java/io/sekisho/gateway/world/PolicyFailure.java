package io.sekisho.gateway.world;

/** What went wrong with a domain's TLS policy itself, in the words of reports (RFC 8460 section 4.3). */
public enum PolicyFailure {
    /** None of the TLSA records can be used. */
    TLSA_INVALID("tlsa-invalid"),
    /** The TLSA records could not be had, or their signatures are broken. */
    DNSSEC_INVALID("dnssec-invalid"),
    /** The policy could not be fetched. */
    STS_POLICY_FETCH_ERROR("sts-policy-fetch-error"),
    /** The policy cannot be read. */
    STS_POLICY_INVALID("sts-policy-invalid"),
    /** The certificate of the server that has the policy does not hold. */
    STS_WEBPKI_INVALID("sts-webpki-invalid"),
    /** The mail exchanger is not one that the policy names. */
    VALIDATION_FAILURE("validation-failure");

    private final String word;

    PolicyFailure(String word) {
        this.word = word;
    }

    /** The result type in a report. */
    public String word() {
        return word;
    }
}
