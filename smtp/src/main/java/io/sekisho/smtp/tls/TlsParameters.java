package io.sekisho.smtp.tls;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * What is the same at both sides: TLS 1.2 and 1.3, only suites with forward secrecy and authenticated encryption (RFC 9325
 * section 4.2), and sessions that can be resumed.
 */
final class TlsParameters {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384");

    private TlsParameters() {}

    static SSLContext context() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS");
    }

    static SSLParameters of(SSLContext context) {
        Set<String> known = Set.of(context.getSupportedSSLParameters().getCipherSuites());
        var parameters =
                new SSLParameters(SUITES.stream().filter(known::contains).toArray(String[]::new), PROTOCOLS);
        parameters.setUseCipherSuitesOrder(true);
        return parameters;
    }

    /** The same, to be changed for one connection. */
    static SSLParameters copy(SSLParameters parameters) {
        return new SSLParameters(parameters.getCipherSuites(), parameters.getProtocols());
    }

    /** The most octets a record has on the wire. */
    static int packet(SSLContext context) {
        return context.createSSLEngine().getSession().getPacketBufferSize();
    }

    static void bound(@Nullable SSLSessionContext sessions, TlsLimits limits) {
        if (sessions != null) {
            sessions.setSessionCacheSize(limits.sessions());
            sessions.setSessionTimeout(Math.toIntExact(limits.sessionLifetime().toSeconds()));
        }
    }
}
