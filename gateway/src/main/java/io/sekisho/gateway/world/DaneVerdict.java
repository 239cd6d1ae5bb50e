package io.sekisho.gateway.world;

import io.sekisho.mail.dns.DnsRecord;

/** Whether a server's certificate is what the TLSA records say. */
public sealed interface DaneVerdict {
    /** It is. @param record the record that matches */
    record Matched(DnsRecord.Tlsa record) implements DaneVerdict {}

    /**
     * It is not.
     *
     * @param cause in the words of reports
     * @param detail the same for people
     */
    record Unmatched(Cause cause, String detail) implements DaneVerdict {}

    /** Why it is not (RFC 8460 section 4.3.1). */
    enum Cause {
        /** No record matches any certificate. */
        VALIDATION_FAILURE("validation-failure"),
        /** The authority matches, but the certificate has another name. */
        CERTIFICATE_HOST_MISMATCH("certificate-host-mismatch"),
        /** The authority matches, but a certificate is too old or too young. */
        CERTIFICATE_EXPIRED("certificate-expired"),
        /** The authority matches, but does not vouch for the certificate. */
        CERTIFICATE_NOT_TRUSTED("certificate-not-trusted");

        private final String word;

        Cause(String word) {
            this.word = word;
        }

        /** The result type in a report. */
        public String word() {
            return word;
        }
    }
}
