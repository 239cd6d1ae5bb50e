package io.sekisho.smtp.tls;

/** What became of TLS on a connection to a next hop. */
public sealed interface TlsOutcome {
    /** It was not tried: the policy does not want it, or the server was not reached. */
    record Untried() implements TlsOutcome {}

    /**
     * The connection is protected.
     *
     * @param session protocol and cipher
     * @param verified whether the certificate was judged and accepted; false where the policy takes any certificate
     */
    record Protected(TlsSession session, boolean verified) implements TlsOutcome {}

    /** It failed; whether mail went on without it was up to the policy. @param failure what happened */
    record Failed(TlsFailure failure) implements TlsOutcome {}
}
