package io.sekisho.gateway.policy;

/**
 * SipHash-2-4 with a 128-bit key (Aumasson and Bernstein, 2012): a short keyed hash for which nobody without the key can
 * find two addresses of one value.
 *
 * @param k0 lower half of the key
 * @param k1 upper half
 */
record SipHash(long k0, long k1) {
    long hash(byte[] in) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int blocks = in.length / 8;
        for (int block = 0; block <= blocks; block++) {
            long m = block < blocks
                    ? word(in, block * 8, 8)
                    : word(in, block * 8, in.length % 8) | (long) in.length << 56;
            v3 ^= m;
            for (int i = 0; i < 2; i++) {
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
            v0 ^= m;
        }
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++) {
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
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long word(byte[] in, int from, int length) {
        long w = 0;
        for (int i = 0; i < length; i++) {
            w |= (in[from + i] & 0xffL) << 8 * i;
        }
        return w;
    }
}
