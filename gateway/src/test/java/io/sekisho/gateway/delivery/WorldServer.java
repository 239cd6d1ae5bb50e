package io.sekisho.gateway.delivery;

import io.sekisho.testkit.tls.TestIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server of the world on loopback: takes everything, with STARTTLS when it has an identity. */
final class WorldServer implements AutoCloseable {
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Boolean> taken = new CopyOnWriteArrayList<>();
    private final @Nullable TestIdentity identity;

    /** @param identity what it shows; null when it offers no TLS */
    WorldServer(@Nullable TestIdentity identity) {
        this.identity = identity;
        try {
            this.socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** For each message that was taken, whether it came by TLS. */
    List<Boolean> taken() {
        return taken;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> talk(client));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void talk(Socket client) {
        try (client) {
            say(client, "220 world.example");
            converse(client, false);
        } catch (IOException e) {
            // the client went away
        }
    }

    private void converse(Socket client, boolean tls) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        String line;
        while ((line = in.readLine()) != null) {
            switch (line.split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
                case "EHLO" ->
                    say(client, identity != null && !tls ? "250-world.example\r\n250 STARTTLS" : "250 hello");
                case "STARTTLS" -> {
                    say(client, "220 go");
                    TestIdentity own = identity;
                    if (own != null) {
                        SSLSocket secured = (SSLSocket)
                                own.serving().getSocketFactory().createSocket(client, "client", client.getPort(), true);
                        secured.setUseClientMode(false);
                        converse(secured, true);
                    }
                    return;
                }
                case "DATA" -> {
                    say(client, "354 go");
                    while (!".".equals(in.readLine())) {
                        // the content is of no interest
                    }
                    taken.add(tls);
                    say(client, "250 2.0.0 taken");
                }
                case "QUIT" -> {
                    say(client, "221 bye");
                    return;
                }
                default -> say(client, "250 2.0.0 yes");
            }
        }
    }

    private static void say(Socket client, String lines) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write((lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
