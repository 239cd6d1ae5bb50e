package io.sekisho.gateway.delivery;

import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.tls.TlsPolicy;

/**
 * A server to hand mail to, and how much TLS that needs.
 *
 * @param hop the server
 * @param tls the policy
 */
public record Way(NextHop hop, TlsPolicy tls) {
    /** With TLS where the server offers it. */
    public static Way to(NextHop hop) {
        return new Way(hop, new TlsPolicy.Opportunistic());
    }
}
