package io.sekisho.smtp.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/** Decides whether a server's certificate is good enough. Asked after every handshake, resumed ones too. Used by many threads. */
@FunctionalInterface
public interface CertificateJudge {
    /**
     * Judges.
     *
     * @param chain what the server showed: its own certificate first, then whatever it sent; at least one
     * @param names the names that the policy allows
     */
    Verdict judge(List<X509Certificate> chain, List<String> names);

    /** The decision. */
    sealed interface Verdict {
        /** Good enough. */
        record Accepted() implements Verdict {}

        /** Not good enough: nothing is sent on this connection. @param failure why */
        record Rejected(TlsFailure failure) implements Verdict {}
    }
}
