package io.sekisho.smtp.server;

import io.sekisho.smtp.tls.ServerTls;
import java.util.function.Supplier;

/** How a listener uses TLS. The supplier is asked for each connection, so that a certificate can change while we run. */
public sealed interface TlsOffer {
    /** Not at all. */
    record None() implements TlsOffer {}

    /** Clients may ask for it with STARTTLS (RFC 3207). @param tls gives the server's side */
    record StartTls(Supplier<ServerTls> tls) implements TlsOffer {}

    /** It comes before the greeting (RFC 8314 section 3). @param tls gives the server's side */
    record Implicit(Supplier<ServerTls> tls) implements TlsOffer {}
}
