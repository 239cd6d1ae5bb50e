package io.sekisho.gateway.tlsreport;

import io.sekisho.gateway.world.TlsFacts;
import io.sekisho.smtp.tls.TlsOutcome;
import java.net.InetAddress;

/**
 * Whose TLS a connection is about, and who is told of it.
 *
 * @param facts the policy that is applied
 * @param mxHost the mail host's name, as the MX record has it
 * @param address where it is connected
 * @param observer is told
 */
public record TlsAccount(TlsFacts facts, String mxHost, InetAddress address, TlsObserver observer) {
    /** A connection was made or failed. What did not reach TLS is not counted (RFC 8460 section 1). */
    public void came(TlsOutcome outcome) {
        TlsResult result = TlsResult.of(facts, outcome);
        if (result != null) {
            observer.observed(facts, mxHost, address, result);
        }
    }

    /** The policy forbids to use a host at all, so it is not connected. */
    public static void barred(TlsFacts facts, String mxHost, TlsObserver observer) {
        observer.observed(facts, mxHost, null, TlsResult.ofPolicy(facts));
    }
}
