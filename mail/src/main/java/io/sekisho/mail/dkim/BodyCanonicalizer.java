package io.sekisho.mail.dkim;

/**
 * Canonicalizes a body as it streams by (RFC 6376 sections 3.4.3 and 3.4.4), in bounded memory. The result does not depend on
 * the pieces the body comes in. Only CR LF ends a line; a CR or LF alone is an octet like any other.
 */
public sealed interface BodyCanonicalizer permits SimpleBody, RelaxedBody {
    /** Takes the next octets of the body. */
    void update(byte[] from, int offset, int length);

    /** The body ends here; what was held back goes out. */
    void finish();

    /** A canonicalizer that writes to a sink. */
    static BodyCanonicalizer of(Canonicalization canonicalization, OctetSink out) {
        return switch (canonicalization) {
            case SIMPLE -> new SimpleBody(out);
            case RELAXED -> new RelaxedBody(out);
        };
    }
}
