package io.sekisho.app.settings;

/**
 * Where we listen.
 *
 * @param host an IPv4 or IPv6 address without brackets, or {@code *} for every address of the machine
 * @param port 1 to 65535; 0 for any port that is free
 */
public record ListenAddress(String host, int port) {
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
