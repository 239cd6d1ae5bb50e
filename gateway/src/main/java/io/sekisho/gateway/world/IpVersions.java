package io.sekisho.gateway.world;

/** By which versions of IP mail goes out. */
public enum IpVersions {
    /** Both, in turn, beginning with IPv6. */
    BOTH,
    /** IPv4 only; IPv6 addresses are not looked up. */
    IPV4,
    /** IPv6 only; IPv4 addresses are not looked up. */
    IPV6;

    boolean four() {
        return this != IPV6;
    }

    boolean six() {
        return this != IPV4;
    }
}
