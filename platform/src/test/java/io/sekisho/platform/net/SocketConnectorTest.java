package io.sekisho.platform.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.client.NextHop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SocketConnectorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress BESIDE = InetAddress.ofLiteral("127.0.0.2");

    private final Watchdog watchdog = new Watchdog(System::nanoTime, Duration.ofHours(1));

    @AfterEach
    void close() {
        watchdog.close();
    }

    private SocketConnector connector(HostResolver resolver) {
        return new SocketConnector(resolver, address -> true, new Listening(), watchdog);
    }

    private static List<InetAddress> nobody(String host) {
        throw new AssertionError("asked for " + host);
    }

    private static String failure(SocketConnector connector, NextHop hop) {
        var e = assertThrows(IOException.class, () -> connector.connect(hop, PATIENCE));
        return String.valueOf(e.getMessage());
    }

    @Test
    void addressesAreTriedInTurn() throws IOException {
        try (var server = new ServerSocket(0, 10, HERE);
                Connection connection = connector(host -> List.of(BESIDE, HERE))
                        .connect(new NextHop("mx.example", server.getLocalPort()), PATIENCE)) {
            assertEquals(HERE, connection.remoteAddress());
            assertEquals(server.getLocalPort(), connection.remotePort());
            assertEquals(1, watchdog.connections());
        }
        assertEquals(0, watchdog.connections());
    }

    @Test
    void literalsAreNotLookedUp() throws IOException {
        try (var server = new ServerSocket(0, 10, HERE);
                Connection connection = connector(SocketConnectorTest::nobody)
                        .connect(new NextHop("127.0.0.1", server.getLocalPort()), PATIENCE)) {
            assertEquals(HERE, connection.remoteAddress());
        }
        assertEquals(
                "not an address: 1.2.3.4.5",
                failure(connector(SocketConnectorTest::nobody), new NextHop("1.2.3.4.5", 25)));
    }

    @Test
    void refusalsAreNamedEach() throws IOException {
        int port = closedPort();
        assertEquals(
                "connection refused by 127.0.0.1:" + port + "; connection refused by 127.0.0.2:" + port,
                failure(connector(host -> List.of(HERE, BESIDE)), new NextHop("mx.example", port)));
        assertEquals(0, watchdog.connections());
    }

    private static int closedPort() throws IOException {
        try (var server = new ServerSocket(0, 1, HERE)) {
            return server.getLocalPort();
        }
    }

    @Test
    void hostWithoutAddressIsNamed() {
        String expected = "host name mx.example has no address";
        assertEquals(expected, failure(connector(host -> List.of()), new NextHop("mx.example", 25)));
        assertEquals(
                expected,
                failure(
                        connector(host -> {
                            throw new UnknownHostException(host);
                        }),
                        new NextHop("mx.example", 25)));
    }

    @Test
    void troubleOfTheResolverIsPassedOn() {
        assertEquals(
                "the name servers of mx.example do not answer",
                failure(
                        connector(host -> {
                            throw new IOException("the name servers of " + host + " do not answer");
                        }),
                        new NextHop("mx.example", 25)));
    }

    @Test
    void guardedAddressesAreNotConnected() throws IOException {
        try (var server = new ServerSocket(0, 10, HERE)) {
            var connector = new SocketConnector(
                    host -> List.of(HERE), address -> !address.isLoopbackAddress(), new Listening(), watchdog);
            String expected = "connections to 127.0.0.1 are not allowed: it is no public address";
            assertEquals(expected, failure(connector, new NextHop("mx.example", server.getLocalPort())));
            assertEquals(expected, failure(connector, new NextHop("127.0.0.1", server.getLocalPort())));
            assertEquals(expected, failure(connector, new NextHop("127.1", server.getLocalPort())), "another spelling");
        }
    }

    @Test
    void whoIsVouchedForMayStandAnywhere() throws IOException {
        try (var server = new ServerSocket(0, 10, HERE)) {
            var connector = new SocketConnector(
                    host -> List.of(HERE), address -> !address.isLoopbackAddress(), new Listening(), watchdog);
            try (var connection =
                    connector.connect(new NextHop("mx.example", server.getLocalPort(), true), Duration.ofSeconds(5))) {
                assertEquals(server.getLocalPort(), connection.remotePort());
            }
        }
    }

    @Test
    void nobodyIsSentToOurselves() throws IOException {
        try (var server = new ServerSocket(0, 10, HERE)) {
            int port = server.getLocalPort();
            var ourselves = new Listening();
            var connector = new SocketConnector(host -> List.of(HERE), address -> true, ourselves, watchdog);
            ourselves.add(InetAddress.ofLiteral("0.0.0.0"), port);
            assertEquals(
                    "127.0.0.1:" + port + " is this server itself",
                    failure(connector, new NextHop("mx.example", port, true)),
                    "whoever named it");
            ourselves.add(HERE, port + 1);
            assertEquals(
                    "127.0.0.1:" + (port + 1) + " is this server itself",
                    failure(connector, new NextHop("127.0.0.1", port + 1)));
        }
    }

    @Test
    void silenceIsGivenUpAfterTheTimeout() throws IOException {
        List<Socket> filling = new ArrayList<>();
        try (var server = new ServerSocket(0, 1, HERE)) {
            // nobody accepts: when the queue is full, the system answers no more
            boolean full = false;
            while (!full) {
                var socket = new Socket();
                filling.add(socket);
                try {
                    socket.connect(new InetSocketAddress(HERE, server.getLocalPort()), 100);
                } catch (SocketTimeoutException e) {
                    full = true;
                }
            }
            var e = assertThrows(
                    IOException.class,
                    () -> connector(host -> List.of(HERE))
                            .connect(new NextHop("mx.example", server.getLocalPort()), Duration.ofSeconds(1)));
            assertEquals("no answer from 127.0.0.1:" + server.getLocalPort() + " within 1 s", e.getMessage());
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    void noMoreAddressesAreTriedThanTheBound() throws IOException {
        int port = closedPort();
        List<InetAddress> many = IntStream.rangeClosed(1, 50)
                .mapToObj(i -> InetAddress.ofLiteral("127.0.1." + i))
                .toList();
        String message = failure(connector(host -> many), new NextHop("mx.example", port));
        assertTrue(message.endsWith("127.0.1.8:" + port), message);
    }

    @Test
    void sixesAreWrittenInBrackets() {
        assertEquals("[2001:db8:0:0:0:0:0:1]:25", Endpoint.of(InetAddress.ofLiteral("2001:db8::1"), 25));
    }

    @Test
    void theSystemsResolverKnowsLocalhost() throws IOException {
        assertTrue(HostResolver.system().resolve("localhost").stream().allMatch(InetAddress::isLoopbackAddress));
    }
}
