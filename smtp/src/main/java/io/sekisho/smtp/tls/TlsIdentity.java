package io.sekisho.smtp.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who a server proves to be.
 *
 * @param chain its certificate first, then those that lead to a root
 * @param key the private key of the first certificate
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
    /** Checks the chain. @throws IllegalArgumentException when it is empty */
    public TlsIdentity {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity has a certificate");
        }
        chain = List.copyOf(chain);
    }

    /** The certificate of the server itself. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The subject and the algorithm; never the key. */
    @Override
    public String toString() {
        return certificate().getSubjectX500Principal() + " (" + key.getAlgorithm() + ")";
    }
}
