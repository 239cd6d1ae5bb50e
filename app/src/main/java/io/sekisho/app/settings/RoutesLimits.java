package io.sekisho.app.settings;

/**
 * Bounds of the routes file and of the lists it names.
 *
 * @param fileOctets octets a file may have
 * @param domains lines of the routes file
 * @param routes next hops of one domain
 * @param recipients addresses of one list
 * @param problems shown at once
 */
public record RoutesLimits(long fileOctets, int domains, int routes, int recipients, int problems) {
    /** The product's bounds. */
    public static final RoutesLimits DEFAULT = new RoutesLimits(256L << 20, 20_000, 10, 2_000_000, 50);
}
