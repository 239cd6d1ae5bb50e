package io.sekisho.gateway.policy;

/**
 * SipHash-2-4 with a 128-bit key (Aumasson and Bernstein, 2012): a short keyed hash for which nobody without the key can
 * find two addresses of one value.
 *
 * @param k0 lower half of the key
 * @param k1 upper half
 */
public record SipHash(long k0, long k1) {
    /** The hash of these octets. */
    public long hash(byte[] in) {
        State state = new State(k0, k1);
        int blocks = in.length / 8;
        for (int block = 0; block <= blocks; block++) {
            long m = block < blocks
                    ? word(in, block * 8, 8)
                    : word(in, block * 8, in.length % 8) | (long) in.length << 56;
            state.v3 ^= m;
            state.rounds(2);
            state.v0 ^= m;
        }
        state.v2 ^= 0xff;
        state.rounds(4);
        return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
    }

    /** The four words that the rounds mix. */
    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long k0, long k1) {
            v0 = k0 ^ 0x736f6d6570736575L;
            v1 = k1 ^ 0x646f72616e646f6dL;
            v2 = k0 ^ 0x6c7967656e657261L;
            v3 = k1 ^ 0x7465646279746573L;
        }

        void rounds(int n) {
            for (int i = 0; i < n; i++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
        }
    }

    private static long word(byte[] in, int from, int length) {
        long w = 0;
        for (int i = 0; i < length; i++) {
            w |= (in[from + i] & 0xffL) << 8 * i;
        }
        return w;
    }
}
