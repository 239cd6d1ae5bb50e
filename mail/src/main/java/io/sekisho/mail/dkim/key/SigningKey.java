package io.sekisho.mail.dkim.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;

/**
 * A private key with the selector its public half is published under.
 *
 * @param selector the s= tag
 * @param algorithm the a= tag
 * @param key never shown, not even by {@link #toString()}
 */
public record SigningKey(Selector selector, DkimAlgorithm algorithm, PrivateKey key) {
    /** Bits below which an RSA key must not sign (RFC 8301 section 3.2). */
    private static final int RSA_AT_LEAST = 1024;

    /** Checks that the key fits. @throws IllegalArgumentException when it is not for the algorithm, or too short */
    public SigningKey {
        if (!algorithm.takes(key)) {
            throw new IllegalArgumentException("a key of " + key.getAlgorithm() + " is not for " + algorithm.tag());
        }
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < RSA_AT_LEAST) {
            throw new IllegalArgumentException(
                    "an RSA key of " + rsa.getModulus().bitLength() + " bits must not sign; it needs " + RSA_AT_LEAST);
        }
    }

    /**
     * The key that {@link #octets()} of another gave.
     *
     * @param octets PKCS #8 (RFC 5958)
     * @throws IllegalArgumentException when they are no private key for the algorithm
     */
    public static SigningKey of(Selector selector, DkimAlgorithm algorithm, byte[] octets) {
        String kind = switch (algorithm) {
            case RSA_SHA256 -> "RSA";
            case ED25519_SHA256 -> "Ed25519";
        };
        try {
            PrivateKey key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(octets));
            return new SigningKey(selector, algorithm, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no private key for " + algorithm.tag(), e);
        }
    }

    /** The key as PKCS #8 (RFC 5958), to be sealed before it is kept. */
    public byte[] octets() {
        return key.getEncoded();
    }

    @Override
    public String toString() {
        return selector + " " + algorithm.tag();
    }
}
