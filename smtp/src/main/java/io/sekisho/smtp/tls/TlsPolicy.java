package io.sekisho.smtp.tls;

import java.util.List;

/**
 * How much TLS a delivery needs. Connections and what was learned on them are shared only between equal policies: a judge that
 * is not a value is therefore equal to itself only.
 */
public sealed interface TlsPolicy {
    /** No TLS, even where it is offered. */
    record None() implements TlsPolicy {}

    /** TLS where it is offered, with any certificate (RFC 7435); when it fails, one more attempt without it. */
    record Opportunistic() implements TlsPolicy {}

    /** TLS or no delivery, with any certificate. */
    record Required() implements TlsPolicy {}

    /**
     * TLS with a certificate that leads to a trust anchor of the client and is for one of the names, or no delivery (RFC 6125,
     * and MTA-STS, RFC 8461 section 4.1).
     *
     * @param names host names, lower case, at least one; the first is asked for in the handshake (SNI)
     */
    record Verified(List<String> names) implements TlsPolicy {
        /** Checks the names. @throws IllegalArgumentException when there is none */
        public Verified {
            names = some(names);
        }
    }

    /**
     * TLS with a certificate that a judge accepts, or no delivery: DANE, where the judge knows the TLSA records (RFC 7672).
     *
     * @param names the TLSA base domain, which is asked for in the handshake (RFC 7672 section 8.1), then other names that
     *     the certificate may have; at least one
     * @param judge asked about the certificate of every connection
     */
    record Dane(List<String> names, CertificateJudge judge) implements TlsPolicy {
        /** Checks the names. @throws IllegalArgumentException when there is none */
        public Dane {
            names = some(names);
        }
    }

    private static List<String> some(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a policy that checks the certificate needs a name");
        }
        return List.copyOf(names);
    }

    /** Whether mail may go on without TLS. */
    default boolean plainAllowed() {
        return switch (this) {
            case None n -> true;
            case Opportunistic o -> true;
            case Required r -> false;
            case Verified v -> false;
            case Dane d -> false;
        };
    }
}
