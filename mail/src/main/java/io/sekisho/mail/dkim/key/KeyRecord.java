package io.sekisho.mail.dkim.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record that publishes a key in DNS (RFC 6376 section 3.6.1, RFC 8463 section 4).
 *
 * @param algorithm what the key is for
 * @param key the p= tag: base64 without white space; empty when the key was revoked
 */
public record KeyRecord(DkimAlgorithm algorithm, String key) {
    /** Octets of one string of a TXT record (RFC 1035 section 3.3.14). */
    private static final int MAX_STRING = 255;
    /** What stands before the 32 octets of an Ed25519 key in its X.509 form (RFC 8410 section 4). */
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private static final int ED25519_OCTETS = 32;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int SEQUENCE = 0x30;
    /** AlgorithmIdentifier of rsaEncryption (RFC 8017 appendix A.1). */
    private static final byte[] RSA_ENCRYPTION = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** The record of a public key. @throws IllegalArgumentException when the key is not one for the algorithm */
    public static KeyRecord of(DkimAlgorithm algorithm, PublicKey key) {
        if (!algorithm.takes(key)) {
            throw new IllegalArgumentException("a key of " + key.getAlgorithm() + " is not for " + algorithm.tag());
        }
        byte[] encoded = key.getEncoded();
        byte[] octets = switch (algorithm) {
            case RSA_SHA256 -> encoded;
            case ED25519_SHA256 -> Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length);
        };
        return new KeyRecord(algorithm, Base64.getEncoder().encodeToString(octets));
    }

    /** The record that a text is; null when it is no key record, or one of a version or key type that is not known. */
    public static @Nullable KeyRecord parse(String text) {
        TagList tags = TagList.parse(text);
        if (tags == null) {
            return null;
        }
        String version = tags.get("v");
        if (version != null && !(version.equals("DKIM1") && tags.first().equals("v"))) {
            return null;
        }
        String type = tags.get("k");
        DkimAlgorithm algorithm = DkimAlgorithm.ofKeyType(type == null ? "rsa" : type);
        String key = tags.compact("p");
        return algorithm == null || key == null ? null : new KeyRecord(algorithm, key);
    }

    /** The text of the record. */
    public String text() {
        return "v=DKIM1; k=" + algorithm.keyType() + "; p=" + key;
    }

    /** The text in the strings that a TXT record is made of, each at most 255 octets; joined without blanks by those who read it. */
    public List<String> strings() {
        String text = text();
        List<String> strings = new ArrayList<>();
        for (int from = 0; from < text.length(); from += MAX_STRING) {
            strings.add(text.substring(from, Math.min(text.length(), from + MAX_STRING)));
        }
        return strings;
    }

    /** Whether the key was revoked (RFC 6376 section 3.6.1, p=). */
    public boolean revoked() {
        return key.isEmpty();
    }

    /** The key; null when it was revoked or cannot be read. */
    public @Nullable PublicKey publicKey() {
        try {
            byte[] octets = Base64.getDecoder().decode(key);
            return switch (algorithm) {
                case RSA_SHA256 ->
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(withAlgorithm(octets)));
                case ED25519_SHA256 -> {
                    if (octets.length != ED25519_OCTETS) {
                        yield null;
                    }
                    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + ED25519_OCTETS);
                    System.arraycopy(octets, 0, encoded, ED25519_PREFIX.length, ED25519_OCTETS);
                    yield KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
                }
            };
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return null;
        }
    }

    /**
     * The key with its algorithm around it, as everybody publishes it; some publish the bare RSAPublicKey (RFC 6376 section 3.6.1
     * can be read so, erratum 4926).
     */
    private static byte[] withAlgorithm(byte[] octets) {
        // a SEQUENCE: in the usual form another SEQUENCE follows its length, in the bare one an INTEGER
        int content = octets.length < 4 ? 0 : octets[1] < 0 ? 2 + octets[1] + 128 : 2;
        if (content == 0 || content >= octets.length || octets[content] != INTEGER) {
            return octets;
        }
        byte[] bits = sized(BIT_STRING, concatenated(new byte[] {0}, octets));
        return sized(SEQUENCE, concatenated(RSA_ENCRYPTION, bits));
    }

    /** A DER value with its tag and its length, of up to 65535 octets. */
    private static byte[] sized(int tag, byte[] value) {
        int size = value.length;
        byte[] head = size < 128
                ? new byte[] {(byte) tag, (byte) size}
                : size < 256
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) size}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (size >> 8), (byte) size};
        return concatenated(head, value);
    }

    private static byte[] concatenated(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }
}
