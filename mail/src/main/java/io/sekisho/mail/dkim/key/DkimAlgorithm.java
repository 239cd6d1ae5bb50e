package io.sekisho.mail.dkim.key;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import org.jspecify.annotations.Nullable;

/** The algorithms that may still be used (RFC 8301 section 3.1, RFC 8463 section 3); rsa-sha1 is not among them. */
public enum DkimAlgorithm {
    /** RSASSA-PKCS1-v1_5 over SHA-256 (RFC 6376 section 3.3.2). */
    RSA_SHA256("rsa-sha256", "rsa", "SHA256withRSA"),
    /** PureEdDSA over the SHA-256 of what is signed (RFC 8463 section 3). */
    ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519");

    private final String tag;
    private final String keyType;
    private final String signature;

    DkimAlgorithm(String tag, String keyType, String signature) {
        this.tag = tag;
        this.keyType = keyType;
        this.signature = signature;
    }

    /** The word in the a= tag of a signature. */
    public String tag() {
        return tag;
    }

    /** The word in the k= tag of a key record. */
    public String keyType() {
        return keyType;
    }

    /** The algorithm of that a= tag, null when it is unknown or no longer allowed. */
    public static @Nullable DkimAlgorithm ofTag(String tag) {
        for (DkimAlgorithm one : values()) {
            if (one.tag.equals(tag)) {
                return one;
            }
        }
        return null;
    }

    /** The algorithm whose keys have that k= tag, null when it is unknown. */
    public static @Nullable DkimAlgorithm ofKeyType(String keyType) {
        for (DkimAlgorithm one : values()) {
            if (one.keyType.equals(keyType)) {
                return one;
            }
        }
        return null;
    }

    /** Whether the key is one for this algorithm. */
    public boolean takes(Key key) {
        return switch (this) {
            case RSA_SHA256 -> key.getAlgorithm().equals("RSA");
            case ED25519_SHA256 ->
                key.getAlgorithm().equals("Ed25519") || key.getAlgorithm().equals("EdDSA");
        };
    }

    /**
     * Signs; the same key and input give the same signature.
     *
     * @param input the canonicalized header fields (RFC 6376 section 3.7)
     * @throws IllegalArgumentException when the key is of another kind
     */
    public byte[] sign(PrivateKey key, byte[] input) {
        try {
            Signature signer = Signature.getInstance(signature);
            signer.initSign(key);
            signer.update(hashed(input));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a key that does not sign with " + tag, e);
        }
    }

    /**
     * Whether the signature is right.
     *
     * @param input the canonicalized header fields
     * @throws IllegalArgumentException when the key is of another kind
     */
    public boolean verify(PublicKey key, byte[] input, byte[] signed) {
        try {
            Signature verifier = Signature.getInstance(signature);
            verifier.initVerify(key);
            verifier.update(hashed(input));
            return verifier.verify(signed);
        } catch (SignatureException e) {
            return false; // such as one of a wrong length
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a key that does not verify with " + tag, e);
        }
    }

    private byte[] hashed(byte[] input) throws NoSuchAlgorithmException {
        return switch (this) {
            case RSA_SHA256 -> input;
            case ED25519_SHA256 -> MessageDigest.getInstance("SHA-256").digest(input);
        };
    }
}
