package io.sekisho.app.demo;

import io.sekisho.platform.net.HostResolver;
import io.sekisho.platform.net.Listening;
import io.sekisho.platform.net.SocketConnector;
import io.sekisho.platform.net.SocketListener;
import io.sekisho.platform.net.Watchdog;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.client.Connector;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.server.Listener;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** The real sockets of the loopback address. */
final class Loopback implements Closeable {
    private final Watchdog watchdog = new Watchdog(System::nanoTime, Duration.ofMillis(100));
    private final Connector connector =
            new SocketConnector(HostResolver.system(), address -> true, new Listening(), watchdog);

    Listener listen() throws IOException {
        return SocketListener.open(InetAddress.getLoopbackAddress(), 0, watchdog);
    }

    Connector connector() {
        return connector;
    }

    Connection connect(int port) throws IOException {
        Connection connection = connector.connect(new NextHop("127.0.0.1", port), Duration.ofSeconds(5));
        connection.readTimeout(Duration.ofSeconds(10));
        return connection;
    }

    @Override
    public void close() {
        watchdog.close();
    }
}
