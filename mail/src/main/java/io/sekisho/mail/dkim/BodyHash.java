package io.sekisho.mail.dkim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a canonicalized body (RFC 6376 section 3.7), taken as it streams by. */
public final class BodyHash {
    /** No limit. */
    public static final long ALL = Long.MAX_VALUE;

    private final MessageDigest digest;
    private final BodyCanonicalizer canonicalizer;
    private final long limit;
    private long octets;

    /** A hash of the whole body. */
    public BodyHash(Canonicalization canonicalization) {
        this(canonicalization, ALL);
    }

    /** A hash of the first octets after canonicalization. @param limit how many, as the l= tag says */
    public BodyHash(Canonicalization canonicalization, long limit) {
        this.limit = limit;
        this.digest = sha256();
        this.canonicalizer = BodyCanonicalizer.of(canonicalization, this::hash);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void hash(byte[] from, int offset, int length) {
        digest.update(from, offset, Math.clamp(limit - octets, 0, length));
        octets += length;
    }

    /** Takes the next octets of the body. */
    public void update(byte[] from, int offset, int length) {
        canonicalizer.update(from, offset, length);
    }

    /** The body ends here: its hash. Once only. */
    public byte[] finish() {
        canonicalizer.finish();
        return digest.digest();
    }

    /** Octets of the canonicalized body so far, whether hashed or beyond the limit. After the end, an l= above it is wrong. */
    public long octets() {
        return octets;
    }
}
