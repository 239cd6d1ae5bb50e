package io.sekisho.platform.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets that are kept in the database or in files: AES-256-GCM. A box is one octet of version, 8 of the key's id, 12 of
 * the nonce, then the sealed octets with a tag of 16. What a secret is for is sealed with it, so that a box moved to another
 * place does not open there. Safe for use by many threads.
 */
public final class SecretBox {
    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int HEAD = 1 + MasterKey.ID_OCTETS + NONCE;
    private static final int SHORTEST = HEAD + TAG_BITS / 8;

    private final List<MasterKey> keys;
    private final SecureRandom random;

    /**
     * Boxes of these keys.
     *
     * @param keys the last one seals, all open
     * @param random where nonces come from
     * @throws IllegalArgumentException when there is no key
     */
    public SecretBox(List<MasterKey> keys, SecureRandom random) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a secret box needs a key");
        }
        this.keys = List.copyOf(keys);
        this.random = random;
    }

    /**
     * Seals a secret.
     *
     * @param purpose what it is and whose, such as {@code dkim hakone.example s1}; opening needs the same
     */
    public byte[] seal(byte[] secret, String purpose) {
        MasterKey key = keys.getLast();
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        ByteBuffer box = ByteBuffer.allocate(SHORTEST + secret.length);
        box.put(VERSION).put(key.idOctets()).put(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, box.array(), purpose);
            cipher.doFinal(ByteBuffer.wrap(secret), box);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not seal", e);
        }
        return box.array();
    }

    /** Opens a box. @param purpose as it was sealed with */
    public Unsealed open(byte[] box, String purpose) {
        if (box.length < SHORTEST || box[0] != VERSION) {
            return new Unsealed.Closed("The sealed " + purpose
                    + " is no box of this version. Put it back from the backup, or use the version that made it.");
        }
        byte[] id = idOf(box);
        MasterKey key = keys.stream().filter(one -> one.hasId(id)).findFirst().orElse(null);
        if (key == null) {
            return new Unsealed.Closed(
                    "The " + purpose + " was sealed with the master key "
                            + HexFormat.of().formatHex(id)
                            + ", which is not in the master key file. Put that file back from the backup, or make a new secret.");
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, box, purpose);
            return new Unsealed.Secret(cipher.doFinal(box, HEAD, box.length - HEAD));
        } catch (AEADBadTagException e) {
            return new Unsealed.Closed("The sealed " + purpose
                    + " was changed since it was sealed, or was sealed for something else."
                    + " Put it back from the backup, or make a new secret.");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not open", e);
        }
    }

    /** Whether a box was sealed with an older key and should be sealed again. */
    public boolean sealedWithOlderKey(byte[] box) {
        return box.length >= SHORTEST && !keys.getLast().hasId(idOf(box));
    }

    private static byte[] idOf(byte[] box) {
        byte[] id = new byte[MasterKey.ID_OCTETS];
        System.arraycopy(box, 1, id, 0, id.length);
        return id;
    }

    /** @param head the first octets of a box: they are protected too, and have the nonce */
    private static Cipher cipher(int mode, MasterKey key, byte[] head, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, head, 1 + MasterKey.ID_OCTETS, NONCE));
        cipher.updateAAD(head, 0, 1 + MasterKey.ID_OCTETS);
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
