package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;

/** What a destination demands of the TLS to one of its mail hosts. */
public sealed interface TlsRequirement {
    /** What a report says about it. */
    TlsFacts facts();

    /** Nothing: TLS when it is offered, with any certificate, otherwise none (RFC 7435). */
    record Opportunistic(TlsFacts facts) implements TlsRequirement {}

    /** TLS with any certificate: there are TLSA records, but none that says something usable (RFC 7672 section 2.2). */
    record Encrypted(TlsFacts facts) implements TlsRequirement {}

    /** TLS with a certificate that matches a TLSA record (RFC 7672). @param matcher says whether one does */
    record Dane(DaneMatcher matcher, TlsFacts facts) implements TlsRequirement {}

    /**
     * TLS with a certificate that a public authority vouches for (RFC 8461 section 4.2).
     *
     * @param host the name that the certificate must have
     * @param mandatory whether a failure forbids delivery; otherwise (mode testing) it is only reported
     */
    record Verified(DomainName host, boolean mandatory, TlsFacts facts) implements TlsRequirement {}

    /** What it demands cannot be found out now, so the host must not be used now. @param detail why, for an administrator */
    record NotNow(String detail, TlsFacts facts) implements TlsRequirement {}

    /** The domain's policy does not name this host, so it must not be used. @param detail the same for an administrator */
    record NotAllowed(String detail, TlsFacts facts) implements TlsRequirement {}
}
