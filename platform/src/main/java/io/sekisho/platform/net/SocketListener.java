package io.sekisho.platform.net;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.server.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A listening TCP socket. */
public final class SocketListener implements Listener {
    private static final int BACKLOG = 1024;

    private final ServerSocket socket;
    private final Watchdog watchdog;

    private SocketListener(ServerSocket socket, Watchdog watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /**
     * Listens.
     *
     * @param address where; the wildcard address for everywhere
     * @param port 1 to 65535, or 0 for any free one
     * @throws IOException when it cannot be listened on, with the address, the port and what to do
     */
    public static SocketListener open(InetAddress address, int port, Watchdog watchdog) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), BACKLOG);
            return new SocketListener(socket, watchdog);
        } catch (SocketException e) {
            socket.close();
            var explained = new BindException(explanation(address, port, e));
            explained.initCause(e);
            throw explained;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static String explanation(InetAddress address, int port, SocketException e) {
        String where = "cannot listen on " + Endpoint.of(address, port) + ": ";
        String why = String.valueOf(e.getMessage());
        if (why.contains("in use")) {
            return where + "another program has this port; stop it, or set another port";
        }
        if (why.contains("Permission denied")) {
            return where
                    + "ports below 1024 need root or the capability CAP_NET_BIND_SERVICE; grant it, or set another port";
        }
        if (why.contains("assign requested address")) {
            return where + "this machine does not have the address; set one that it has, or 0.0.0.0 for all";
        }
        return where + why;
    }

    @Override
    public Connection accept() throws IOException {
        while (true) {
            Socket accepted = socket.accept();
            try {
                return new SocketConnection(accepted, watchdog);
            } catch (SocketException e) {
                // the client has left before we looked at it: on to the next
                accepted.close();
            }
        }
    }

    @Override
    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the listening socket cannot be closed", e);
        }
    }
}
