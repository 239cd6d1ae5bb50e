package io.sekisho.testkit.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/**
 * A DNS server on a loopback address, over UDP and TCP, with the zones it is given. To questions that want recursion it is a
 * resolver that knows these zones and no others, and that validates those that are signed; to others it is their name server.
 *
 * <p>Zones are lines of text. {@code zone hakone.example signed} begins a zone (without the last word it is not signed); other
 * lines are records as in a zone file, with whole names, and 300 seconds of life if nothing else is said:
 *
 * <pre>
 * zone hakone.example signed
 * hakone.example      MX 10 mx.hakone.example
 * mx.hakone.example   60 A 192.0.2.1
 * </pre>
 */
public final class FakeDns implements AutoCloseable {
    private static final int DATAGRAM = 4096;
    /** What a client takes that does not say (RFC 1035 section 4.2.1). */
    private static final int WITHOUT_EDNS = 512;

    private static final int BIND_TRIES = 20;
    private static final String ANY = "*";

    /**
     * A question that came.
     *
     * @param text type and name, {@code MX hakone.example}
     * @param tcp whether it came over TCP
     * @param edns whether it came with EDNS
     */
    public record Asked(String text, boolean tcp, boolean edns) {}

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private volatile FakeZones zones;

    private FakeDns(InetAddress address, int port, String zones) throws IOException {
        this.zones = new FakeZones(zones);
        this.udp = new DatagramSocket(new InetSocketAddress(address, port));
        try {
            this.tcp = new ServerSocket(udp.getLocalPort(), 50, address);
        } catch (IOException e) {
            udp.close();
            throw e;
        }
        threads.execute(this::serveUdp);
        threads.execute(this::serveTcp);
    }

    /** Starts a server on 127.0.0.1 and a free port. @throws IllegalArgumentException with the line that is wrong */
    public static FakeDns start(String zones) {
        return start(InetAddress.ofLiteral("127.0.0.1"), 0, zones);
    }

    /**
     * Starts a server.
     *
     * @param address a loopback address
     * @param port to listen on, 0 for any that is free
     * @throws IllegalArgumentException with the line of the zones that is wrong
     */
    public static FakeDns start(InetAddress address, int port, String zones) {
        for (int i = 1; ; i++) {
            try {
                return new FakeDns(address, port, zones);
            } catch (BindException e) {
                // free for UDP, but not for TCP
                if (port != 0 || i == BIND_TRIES) {
                    throw new UncheckedIOException(e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
    }

    /** From now on these are the zones. */
    public void zones(String text) {
        zones = new FakeZones(text);
    }

    /** From now on questions of this name and any type meet the trouble; with {@code *} all questions. */
    public void trouble(String name, Trouble trouble) {
        troubles.put(name, trouble);
    }

    /** From now on questions of this name and type meet the trouble. */
    public void trouble(String name, String type, Trouble trouble) {
        troubles.put(type + " " + name, trouble);
    }

    /** From now on questions of this name are answered late; with {@code *} all questions. */
    public void delay(String name, Duration delay) {
        delays.put(name, delay);
    }

    /** Ends all troubles and delays. */
    public void heal() {
        troubles.clear();
        delays.clear();
    }

    /** The questions that came, in their order. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** How often this came, such as {@code MX hakone.example}, over UDP and TCP together. */
    public int times(String text) {
        return (int) asked.stream().filter(one -> one.text().equals(text)).count();
    }

    private void serveUdp() {
        while (closed.getCount() > 0) {
            try {
                DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM], DATAGRAM);
                udp.receive(packet);
                byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
                threads.execute(() -> answer(query, packet.getSocketAddress()));
            } catch (IOException e) {
                // closed, or a client that has gone
            }
        }
    }

    private void serveTcp() {
        while (closed.getCount() > 0) {
            try {
                Socket client = tcp.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                // closed, or a client that has gone
            }
        }
    }

    private void answer(byte[] query, SocketAddress client) {
        try {
            byte[] answer = answer(query, false);
            if (answer != null) {
                udp.send(new DatagramPacket(answer, answer.length, client));
            }
        } catch (IOException e) {
            // no question, or closed meanwhile: nobody can be told
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] answer = answer(query, true);
                if (answer == null) {
                    return;
                }
                byte[] framed = new byte[answer.length + 2];
                framed[0] = (byte) (answer.length >> 8);
                framed[1] = (byte) answer.length;
                System.arraycopy(answer, 0, framed, 2, answer.length);
                client.getOutputStream().write(framed);
            }
        } catch (IOException e) {
            // the client has gone, or had no question
        }
    }

    /** The octets to send; null to say nothing and, over TCP, to close. */
    private byte @Nullable [] answer(byte[] octets, boolean overTcp) throws IOException {
        Message query = new Message(octets);
        if (query.getQuestion() == null) {
            return null;
        }
        OPTRecord edns = query.getOPT();
        FakeAnswer answer = new FakeAnswer(query, overTcp);
        asked.add(new Asked(answer.text(), overTcp, edns != null));
        Trouble trouble = setFor(troubles, answer);
        if (!waited(setFor(delays, answer)) || trouble == Trouble.SILENT && !waited(Duration.ofDays(1))) {
            return null;
        }
        int room = overTcp ? Message.MAXLENGTH : edns != null ? edns.getPayloadSize() : WITHOUT_EDNS;
        return answer.octets(zones, trouble, room);
    }

    private static <T> @Nullable T setFor(Map<String, T> all, FakeAnswer answer) {
        T exact = all.get(answer.text());
        T ofName = exact != null ? exact : all.get(answer.name());
        return ofName != null ? ofName : all.get(ANY);
    }

    /** Whether the time passed before the server was closed. */
    private boolean waited(@Nullable Duration delay) {
        try {
            return delay == null || !closed.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
