package io.sekisho.gateway.delivery;

import io.sekisho.gateway.tlsreport.TlsAccount;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.tls.TlsOutcome;
import io.sekisho.smtp.tls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A server to hand mail to, and how much TLS that needs.
 *
 * @param hop the server
 * @param tls the policy
 * @param onlyReported whether a failure of TLS is only reported, and mail goes on with what TLS there is (RFC 8461 section 5,
 *     mode testing)
 * @param account what reports say of it, and who keeps account; null for the servers of customers
 */
public record Way(
        NextHop hop,
        TlsPolicy tls,
        boolean onlyReported,
        @Nullable TlsAccount account) {
    /** With TLS where the server offers it; nobody keeps account. */
    public static Way to(NextHop hop) {
        return new Way(hop, new TlsPolicy.Opportunistic(), false, null);
    }

    /** Tells what became of TLS on a connection. */
    void came(TlsOutcome outcome) {
        if (account != null) {
            account.came(outcome);
        }
    }
}
