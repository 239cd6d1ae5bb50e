package io.sekisho.mail.message;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Content held in memory. The array is not copied: whoever makes one hands the octets over and changes them no more. */
public final class MemoryContent implements Content {
    private final byte[] octets;
    private final int length;
    private final boolean eightBit;

    /** Takes the first {@code length} octets of the array. */
    public MemoryContent(byte[] octets, int length, boolean eightBit) {
        this.octets = octets;
        this.length = length;
        this.eightBit = eightBit;
    }

    /** The array that holds the octets; it may be longer than {@link #size()} and must not be changed. */
    public byte[] array() {
        return octets;
    }

    @Override
    public long size() {
        return length;
    }

    @Override
    public boolean eightBit() {
        return eightBit;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(octets, 0, length);
    }
}
