package io.sekisho.smtp.tls;

/**
 * What protects a connection.
 *
 * @param protocol {@code TLSv1.2} or {@code TLSv1.3}
 * @param cipher the cipher suite by its registered name, such as {@code TLS_AES_128_GCM_SHA256}
 */
public record TlsSession(String protocol, String cipher) {
    /** Both, as they stand in a trace field. */
    @Override
    public String toString() {
        return protocol + " " + cipher;
    }
}
