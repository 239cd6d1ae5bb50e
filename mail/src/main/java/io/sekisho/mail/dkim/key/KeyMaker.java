package io.sekisho.mail.dkim.key;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;

/** Makes keys. */
public final class KeyMaker {
    /** What verifiers must take (RFC 8301 section 3.2) and what still fits every DNS answer. */
    private static final int RSA_BITS = 2048;

    private final SecureRandom random;

    /** @param random where the keys come from */
    public KeyMaker(SecureRandom random) {
        this.random = random;
    }

    /** A new pair: RSA of 2048 bits, or Ed25519. */
    public KeyPair make(DkimAlgorithm algorithm) {
        try {
            KeyPairGenerator generator = switch (algorithm) {
                case RSA_SHA256 -> {
                    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                    rsa.initialize(RSA_BITS, random);
                    yield rsa;
                }
                case ED25519_SHA256 -> {
                    KeyPairGenerator edwards = KeyPairGenerator.getInstance("Ed25519");
                    edwards.initialize(255, random);
                    yield edwards;
                }
            };
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no keys for " + algorithm.tag(), e);
        }
    }
}
