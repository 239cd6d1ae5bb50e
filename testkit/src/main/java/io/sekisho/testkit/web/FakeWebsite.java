package io.sekisho.testkit.web;

import io.sekisho.testkit.tls.TestIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An HTTPS server on 127.0.0.1 that answers every request with the same octets. */
public final class FakeWebsite implements AutoCloseable {
    private static final int LARGEST_REQUEST = 16 * 1024;

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile byte[] answer = new byte[0];
    private volatile Duration betweenOctets = Duration.ZERO;

    private FakeWebsite(ServerSocket socket) {
        this.socket = socket;
        threads.execute(this::serve);
    }

    /** Starts it on a free port. @param identity the certificate it shows */
    public static FakeWebsite start(TestIdentity identity) {
        try {
            return new FakeWebsite(identity.serving()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public int port() {
        return socket.getLocalPort();
    }

    /** From now on a request is answered with success and this text. */
    public void page(String text) {
        raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + text.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + text);
    }

    /** From now on a request is answered with exactly this. */
    public void raw(String octets) {
        answer = octets.getBytes(StandardCharsets.UTF_8);
    }

    /** From now on that much time passes before each octet of an answer. */
    public void slow(Duration time) {
        betweenOctets = time;
    }

    /** The requests that came, request line and header fields. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve() {
        while (closed.getCount() > 0) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> converse(client));
            } catch (IOException e) {
                // closed, or a client that has gone
            }
        }
    }

    private void converse(Socket client) {
        try (client) {
            answer(client);
        } catch (IOException e) {
            // a client that did not like the certificate, or has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Socket client) throws IOException, InterruptedException {
        StringBuilder request = new StringBuilder();
        InputStream in = client.getInputStream();
        while (request.indexOf("\r\n\r\n") < 0 && request.length() < LARGEST_REQUEST) {
            int octet = in.read();
            if (octet < 0) {
                return;
            }
            request.append((char) octet);
        }
        requests.add(request.toString());
        OutputStream out = client.getOutputStream();
        if (betweenOctets.isZero()) {
            out.write(answer);
            return;
        }
        for (byte octet : answer) {
            if (closed.await(betweenOctets.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            out.write(octet);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
