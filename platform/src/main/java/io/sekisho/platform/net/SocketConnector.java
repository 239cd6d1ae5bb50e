package io.sekisho.platform.net;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.client.Connector;
import io.sekisho.smtp.client.NextHop;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens TCP connections to next hops, an address after the other until one answers. */
public final class SocketConnector implements Connector {
    /** Addresses of one host that are tried; a name with more gets no more of our time. */
    private static final int MAX_ADDRESSES = 8;

    private final HostResolver resolver;
    private final AddressGuard guard;
    private final Listening ourselves;
    private final Watchdog watchdog;

    /**
     * A connector.
     *
     * @param resolver finds the addresses of names; address literals do not go there
     * @param guard asked about every address, but for servers that are vouched for
     * @param ourselves where nobody is connected: mail would go round
     * @param watchdog keeps the time of the connections
     */
    public SocketConnector(HostResolver resolver, AddressGuard guard, Listening ourselves, Watchdog watchdog) {
        this.resolver = resolver;
        this.guard = guard;
        this.ourselves = ourselves;
        this.watchdog = watchdog;
    }

    @Override
    public Connection connect(NextHop hop, Duration timeout) throws IOException {
        List<InetAddress> addresses = addresses(hop.host());
        List<String> troubles = new ArrayList<>();
        IOException last = null;
        for (InetAddress address : addresses.subList(0, Math.min(MAX_ADDRESSES, addresses.size()))) {
            String barred = barred(hop, address);
            if (barred != null) {
                troubles.add(barred);
                continue;
            }
            try {
                return connect(address, hop.port(), timeout);
            } catch (IOException e) {
                troubles.add(trouble(e, Endpoint.of(address, hop.port()), timeout));
                last = e;
            }
        }
        throw new IOException(String.join("; ", troubles), last);
    }

    /** Why this address is not connected; null when it may be. */
    private @Nullable String barred(NextHop hop, InetAddress address) {
        if (ourselves.at(address, hop.port())) {
            return Endpoint.of(address, hop.port()) + " is this server itself";
        }
        return hop.vouched() || guard.allows(address)
                ? null
                : "connections to " + address.getHostAddress() + " are not allowed: it is no public address";
    }

    private List<InetAddress> addresses(String host) throws IOException {
        if (looksLikeAddress(host)) {
            try {
                return List.of(InetAddress.ofLiteral(host));
            } catch (IllegalArgumentException e) {
                throw new UnknownHostException("not an address: " + host);
            }
        }
        List<InetAddress> found;
        try {
            found = resolver.resolve(host);
        } catch (UnknownHostException e) {
            found = List.of();
        }
        if (found.isEmpty()) {
            throw new UnknownHostException("host name " + host + " has no address");
        }
        return found;
    }

    private static boolean looksLikeAddress(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    private Connection connect(InetAddress address, int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), Math.toIntExact(timeout.toMillis()));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return new SocketConnection(socket, watchdog);
    }

    private static String trouble(IOException e, String where, Duration timeout) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case SocketTimeoutException late -> "no answer from " + where + " within " + timeout.toSeconds() + " s";
            case NoRouteToHostException none -> "no route to " + where;
            case ConnectException refused when message.contains("refused") -> "connection refused by " + where;
            case ConnectException late when message.contains("timed out") -> "no answer from " + where;
            default -> "no connection to " + where + ": " + message;
        };
    }
}
