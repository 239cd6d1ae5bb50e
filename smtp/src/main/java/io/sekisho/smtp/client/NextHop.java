package io.sekisho.smtp.client;

/**
 * A server that mail is handed to.
 *
 * @param host host name or address, lower case
 * @param port 1 to 65535
 * @param vouched whether who runs the service named it: then it may stand anywhere. Others are connected at allowed addresses only
 */
public record NextHop(String host, int port, boolean vouched) {
    /** Checks the port. @throws IllegalArgumentException when it is out of range or the host is empty */
    public NextHop {
        if (host.isEmpty() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("no next hop: " + host + ":" + port);
        }
    }

    /** A server that a customer named, or the DNS. */
    public NextHop(String host, int port) {
        this(host, port, false);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
