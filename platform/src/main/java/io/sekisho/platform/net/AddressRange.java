package io.sekisho.platform.net;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin with the same bits (RFC 4632 section 3.1).
 *
 * @param first the first of them
 * @param bits how many bits they share, 0 to 32 or 128
 */
public record AddressRange(InetAddress first, int bits) {
    /** Checks the bits. @throws IllegalArgumentException when they are out of range, or set behind the shared ones */
    public AddressRange {
        byte[] octets = first.getAddress();
        if (bits < 0 || bits > octets.length * 8) {
            throw new IllegalArgumentException("no range: " + first.getHostAddress() + "/" + bits);
        }
        for (int i = bits; i < octets.length * 8; i++) {
            if (bit(octets, i)) {
                throw new IllegalArgumentException(
                        first.getHostAddress() + " is not the first address of a range of " + bits + " bits");
            }
        }
    }

    /** The range that the text spells, {@code 192.0.2.0/24} or one address; null when it spells none. */
    public static @Nullable AddressRange parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress first = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int all = first.getAddress().length * 8;
            return new AddressRange(first, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether the address is one of them. */
    public boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (bit(mine, i) != bit(other, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bit(byte[] octets, int index) {
        return (octets[index / 8] >> (7 - index % 8) & 1) != 0;
    }

    @Override
    public String toString() {
        return first.getHostAddress().toLowerCase(Locale.ROOT) + "/" + bits;
    }
}
