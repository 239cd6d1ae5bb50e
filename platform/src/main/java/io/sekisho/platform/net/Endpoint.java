package io.sekisho.platform.net;

import java.net.InetAddress;

/** How an address and a port are written for people: {@code 192.0.2.1:25}, {@code [2001:db8::1]:25}. */
final class Endpoint {
    private Endpoint() {}

    static String of(InetAddress address, int port) {
        String host = address.getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
