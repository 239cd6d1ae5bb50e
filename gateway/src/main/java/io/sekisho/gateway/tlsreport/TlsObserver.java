package io.sekisho.gateway.tlsreport;

import io.sekisho.gateway.world.TlsFacts;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Is told what TLS to mail hosts of the world came to. Used by many threads; must be quick and never fail. */
@FunctionalInterface
public interface TlsObserver {
    /**
     * An attempt.
     *
     * @param facts the policy that was applied
     * @param mxHost the mail host's name, as the MX record has it
     * @param address where it was connected; null when the policy forbade to connect it
     */
    void observed(TlsFacts facts, String mxHost, @Nullable InetAddress address, TlsResult result);

    /** Nobody keeps account. */
    static TlsObserver none() {
        return (facts, mxHost, address, result) -> {};
    }
}
