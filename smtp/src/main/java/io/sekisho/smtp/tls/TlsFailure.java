package io.sekisho.smtp.tls;

/**
 * Why a connection has no TLS, or not the TLS that its policy asks for.
 *
 * @param kind the kind, as reports name it
 * @param detail what happened, in words for an administrator
 */
public record TlsFailure(Kind kind, String detail) {
    /** Result types of TLS reports (RFC 8460 section 4.3). */
    public enum Kind {
        /** The server does not offer STARTTLS, or did not grant it. */
        STARTTLS_NOT_SUPPORTED("starttls-not-supported"),
        /** The certificate is for other names. */
        CERTIFICATE_HOST_MISMATCH("certificate-host-mismatch"),
        /** A certificate has expired or is not valid yet. */
        CERTIFICATE_EXPIRED("certificate-expired"),
        /** The certificate leads to nobody we trust. */
        CERTIFICATE_NOT_TRUSTED("certificate-not-trusted"),
        /** All else: the handshake failed. */
        VALIDATION_FAILURE("validation-failure");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word of the standard. */
        public String word() {
            return word;
        }
    }

    /** The word of the standard, then the detail. */
    @Override
    public String toString() {
        return kind.word() + ": " + detail;
    }
}
