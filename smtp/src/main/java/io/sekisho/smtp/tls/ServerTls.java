package io.sekisho.smtp.tls;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * TLS as a server, with fixed identities: who changes a certificate makes a new one of these. Sessions are resumed by tickets
 * that only this object can read. Used by many threads.
 */
public final class ServerTls {
    private final SSLContext context;
    private final SSLParameters parameters;
    private final RecordBuffers buffers;
    private final TlsLimits limits;
    private final LongSupplier nanos;

    /**
     * A server.
     *
     * @param identities at least one; of ECDSA and RSA the client's choice decides, with ECDSA before RSA where it has none
     * @param nanos a clock for durations, in nanoseconds from any origin
     * @throws GeneralSecurityException when a key or certificate cannot be used
     * @throws IllegalArgumentException when there is no identity
     */
    public ServerTls(List<TlsIdentity> identities, TlsLimits limits, LongSupplier nanos)
            throws GeneralSecurityException {
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("a TLS server has an identity");
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        char[] locked = "in memory only".toCharArray();
        keys.init(store(identities, locked), locked);
        this.context = TlsParameters.context();
        context.init(keys.getKeyManagers(), null, null);
        TlsParameters.bound(context.getServerSessionContext(), limits);
        this.parameters = TlsParameters.of(context);
        this.buffers = new RecordBuffers(TlsParameters.packet(context), limits);
        this.limits = limits;
        this.nanos = nanos;
    }

    private static KeyStore store(List<TlsIdentity> identities, char[] locked) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            List<TlsIdentity> ordered = identities.stream()
                    .sorted(Comparator.comparing(
                            identity -> !identity.key().getAlgorithm().equals("EC")))
                    .toList();
            for (int i = 0; i < ordered.size(); i++) {
                TlsIdentity identity = ordered.get(i);
                store.setKeyEntry(
                        "identity-" + i,
                        identity.key(),
                        locked,
                        identity.chain().toArray(X509Certificate[]::new));
            }
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("no key store in memory", e);
        }
    }

    /**
     * Does the handshake with a client.
     *
     * @param below the connection, still the caller's when this fails
     * @throws IOException when the handshake fails or is not done in time, in words for the log
     */
    public TlsConnection accept(Connection below) throws IOException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return TlsConnection.open(below, engine, buffers, limits, nanos);
    }
}
