package io.sekisho.smtp.tls;

import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.tls.CertificateJudge.Verdict;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * TLS as a client. The handshake takes any certificate; {@link #judge} then says whether the policy does, on every
 * connection, so that a session resumed from one with a laxer policy is judged like any other. Used by many threads.
 */
public final class ClientTls {
    private final SSLContext context;
    private final SSLParameters usual;
    private final RecordBuffers buffers;
    private final CertificateJudge trusted;
    private final TlsLimits limits;
    private final LongSupplier nanos;

    /**
     * A client.
     *
     * @param trusted judges certificates for {@link TlsPolicy.Verified}
     * @param nanos a clock for durations, in nanoseconds from any origin
     * @throws GeneralSecurityException when the platform has no TLS
     */
    public ClientTls(CertificateJudge trusted, TlsLimits limits, LongSupplier nanos) throws GeneralSecurityException {
        this.context = TlsParameters.context();
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        TlsParameters.bound(context.getClientSessionContext(), limits);
        this.usual = TlsParameters.of(context);
        this.buffers = new RecordBuffers(TlsParameters.packet(context), limits);
        this.trusted = trusted;
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * Does the handshake with a server.
     *
     * @param below the connection, still the caller's when this fails
     * @param host whom to ask for (SNI, RFC 6066 section 3) when it is a domain name, and whose sessions may be resumed
     * @throws IOException when the handshake fails or is not done in time, in words
     */
    public TlsConnection connect(Connection below, String host) throws IOException {
        SSLEngine engine = context.createSSLEngine(host, below.remotePort());
        engine.setUseClientMode(true);
        SSLParameters parameters = TlsParameters.copy(usual);
        DomainName name = DomainName.parse(host);
        boolean literal = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        parameters.setServerNames(name == null || literal ? List.of() : serverName(name));
        engine.setSSLParameters(parameters);
        return TlsConnection.open(below, engine, () -> {}, buffers, limits, nanos);
    }

    private static List<SNIServerName> serverName(DomainName name) {
        try {
            return List.of(new SNIHostName(name.ascii()));
        } catch (IllegalArgumentException e) {
            // an underscore: good in DNS, not in a server name
            return List.of();
        }
    }

    /** Whether the policy takes the certificate of a connection. */
    public Verdict judge(TlsPolicy policy, TlsConnection connection) {
        return switch (policy) {
            case TlsPolicy.None n -> new Verdict.Accepted();
            case TlsPolicy.Opportunistic o -> new Verdict.Accepted();
            case TlsPolicy.Required r -> new Verdict.Accepted();
            case TlsPolicy.Verified(List<String> names) -> judge(trusted, connection, names);
            case TlsPolicy.Dane(List<String> names, CertificateJudge judge) -> judge(judge, connection, names);
        };
    }

    private static Verdict judge(CertificateJudge judge, TlsConnection connection, List<String> names) {
        List<X509Certificate> chain = connection.peerChain();
        return chain.isEmpty()
                ? new Verdict.Rejected(
                        new TlsFailure(TlsFailure.Kind.VALIDATION_FAILURE, "the server showed no certificate"))
                : judge.judge(chain, names);
    }

    /** Lets the handshake go on with any certificate: it is judged afterwards. */
    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
