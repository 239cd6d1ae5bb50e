package io.sekisho.gateway.world;

/**
 * Bounds of finding a domain's mail exchangers. Whatever a domain publishes, a message costs no more than this.
 *
 * @param exchangers mail exchangers whose addresses are looked up, those with the lowest preference
 * @param addressesPerHost addresses of one of them that are tried
 * @param addresses addresses of all of them that are tried
 */
public record WorldLimits(int exchangers, int addressesPerHost, int addresses) {
    /** The product's bounds. */
    public static final WorldLimits DEFAULT = new WorldLimits(10, 6, 24);

    /** Checks the numbers. @throws IllegalArgumentException when one is below one */
    public WorldLimits {
        if (exchangers < 1 || addressesPerHost < 1 || addresses < 1) {
            throw new IllegalArgumentException(
                    "limits too small: " + exchangers + ", " + addressesPerHost + ", " + addresses);
        }
    }
}
