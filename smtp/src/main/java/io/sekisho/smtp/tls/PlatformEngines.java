package io.sekisho.smtp.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Engines of the Java platform. Its key manager knows nothing of the name that a client asks for. */
final class PlatformEngines implements ServerEngines {
    private final SSLContext context;
    private final SSLParameters parameters;

    /** @param identities of ECDSA and RSA the client's choice decides, with ECDSA before RSA where it has none */
    PlatformEngines(List<TlsIdentity> identities, TlsLimits limits) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        char[] locked = "in memory only".toCharArray();
        keys.init(store(identities, locked), locked);
        this.context = TlsParameters.context();
        context.init(keys.getKeyManagers(), null, null);
        TlsParameters.bound(context.getServerSessionContext(), limits);
        this.parameters = TlsParameters.of(context);
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

    @Override
    public SSLEngine next() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public void end(SSLEngine engine) {
        // nothing is held outside the heap
    }

    @Override
    public int packet() {
        return TlsParameters.packet(context);
    }
}
