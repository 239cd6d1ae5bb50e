package io.sekisho.platform.dns;

import java.time.Duration;

/**
 * Every bound of DNS look-ups.
 *
 * @param waits how long is waited
 * @param tries how often a server that does not answer is asked
 * @param servers resolvers that are asked, the first ones of the list
 * @param aliases aliases (CNAME) that are followed one after another
 * @param udpOctets the largest answer that we take over UDP (RFC 6891 section 6.2.5)
 * @param atOnce questions on the way at one time
 * @param remembered the cache
 * @param authority asking the name servers of a zone
 */
public record DnsLimits(
        Waits waits,
        int tries,
        int servers,
        int aliases,
        int udpOctets,
        int atOnce,
        Remembered remembered,
        Authority authority) {
    /**
     * How long is waited.
     *
     * @param udp for an answer over UDP
     * @param tcp for an answer over TCP, connecting included
     * @param all for a look-up with all its questions
     * @param turn for one of the questions at once to end, when there are too many
     */
    public record Waits(Duration udp, Duration tcp, Duration all, Duration turn) {}

    /**
     * What is remembered.
     *
     * @param answers answers
     * @param octets roughly the memory that they may take
     * @param found longest time for records, whatever their time to live
     * @param none longest time for "there is none" (RFC 2308 section 5)
     * @param failure time for a failure (RFC 2308 section 7)
     */
    public record Remembered(int answers, long octets, Duration found, Duration none, Duration failure) {}

    /**
     * Asking the name servers of a zone.
     *
     * @param cuts names that are looked at on the way up to the zone
     * @param servers name servers that are asked
     * @param addresses addresses of one name server that are tried
     */
    public record Authority(int cuts, int servers, int addresses) {}

    /** The product's bounds. */
    public static final DnsLimits DEFAULT = new DnsLimits(
            new Waits(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(12), Duration.ofSeconds(5)),
            2,
            4,
            8,
            1232,
            500,
            new Remembered(50_000, 32 << 20, Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofSeconds(5)),
            new Authority(10, 12, 2));
}
