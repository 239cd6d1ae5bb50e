package io.sekisho.smtp.tls;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;

/**
 * TLS as a server, with fixed identities: who changes a certificate makes a new one of these. Sessions are resumed by tickets
 * that only this object can read. Used by many threads.
 */
public final class ServerTls {
    private static final System.Logger LOG = System.getLogger(ServerTls.class.getName());

    private final ServerEngines engines;
    private final RecordBuffers buffers;
    private final TlsLimits limits;
    private final LongSupplier nanos;

    /**
     * A server.
     *
     * @param identities at least one; of ECDSA and RSA the client's choice decides, with ECDSA before RSA where it has none. The
     *     native provider knows one only: of several, that of the platform takes care
     * @param nanos a clock for durations, in nanoseconds from any origin
     * @param provider whose TLS it is
     * @throws GeneralSecurityException when a key or certificate cannot be used
     * @throws IllegalArgumentException when there is no identity
     */
    public ServerTls(List<TlsIdentity> identities, TlsLimits limits, LongSupplier nanos, TlsProvider provider)
            throws GeneralSecurityException {
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("a TLS server has an identity");
        }
        this.engines = switch (provider) {
            case TlsProvider.Platform p -> new PlatformEngines(identities, limits);
            case TlsProvider.Native(SecureRandom random) ->
                identities.size() > 1
                        ? new PlatformEngines(identities, limits)
                        : nativeOrNot(identities, limits, nanos, random);
        };
        this.buffers = new RecordBuffers(engines.packet(), limits);
        this.limits = limits;
        this.nanos = nanos;
    }

    private static ServerEngines nativeOrNot(
            List<TlsIdentity> identities, TlsLimits limits, LongSupplier nanos, SecureRandom random)
            throws GeneralSecurityException {
        try {
            return new NativeEngines(identities.getFirst(), limits, nanos, random);
        } catch (GeneralSecurityException | LinkageError e) {
            // a key that only Java can use; if it cannot either, its words are the better ones
            LOG.log(System.Logger.Level.INFO, "TLS of clients by the Java platform: {0}", e.getMessage());
            return new PlatformEngines(identities, limits);
        }
    }

    /**
     * Does the handshake with a client.
     *
     * @param below the connection, still the caller's when this fails
     * @throws IOException when the handshake fails or is not done in time, in words for the log
     */
    public TlsConnection accept(Connection below) throws IOException {
        SSLEngine engine = engines.next();
        return TlsConnection.open(below, engine, () -> engines.end(engine), buffers, limits, nanos);
    }
}
