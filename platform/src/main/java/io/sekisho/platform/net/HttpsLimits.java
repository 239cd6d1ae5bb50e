package io.sekisho.platform.net;

import java.time.Duration;

/**
 * Bounds of fetching a small file by HTTPS.
 *
 * @param connect how long to wait for the connection to one address
 * @param all how long to wait for everything together
 * @param addresses addresses of the host that are tried
 * @param headOctets octets of status line and header fields
 * @param bodyOctets octets of the file
 */
public record HttpsLimits(Duration connect, Duration all, int addresses, int headOctets, int bodyOctets) {
    /** The product's bounds; 64 KB and a minute are those of RFC 8461 section 3.3. */
    public static final HttpsLimits DEFAULT =
            new HttpsLimits(Duration.ofSeconds(10), Duration.ofMinutes(1), 4, 16 * 1024, 64 * 1024);
}
