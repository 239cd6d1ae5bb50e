package io.sekisho.platform.secret;

import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key that secrets are sealed with: AES of 256 bits, and an id by which a box says which key it needs. */
public final class MasterKey {
    static final int OCTETS = 32;
    static final int ID_OCTETS = 8;

    private final byte[] id;
    private final SecretKey key;

    MasterKey(byte[] id, byte[] octets) {
        if (id.length != ID_OCTETS || octets.length != OCTETS) {
            throw new IllegalArgumentException("a master key has an id of 8 octets and 32 octets of its own");
        }
        this.id = id.clone();
        this.key = new SecretKeySpec(octets, "AES");
    }

    byte[] idOctets() {
        return id.clone();
    }

    boolean hasId(byte[] other) {
        return Arrays.equals(id, other);
    }

    SecretKey key() {
        return key;
    }

    /** The id, 16 hexadecimal digits. It says nothing about the key. */
    public String id() {
        return HexFormat.of().formatHex(id);
    }

    @Override
    public String toString() {
        return "master key " + id();
    }
}
