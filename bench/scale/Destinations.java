import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Customers' mail servers, one on each port of a range. */
final class Destinations implements AutoCloseable {
    /** Below the ports that the system hands out by itself. */
    static final int FIRST_PORT = 20_000;

    private static final String MARK = "X-Bench: ";

    /** How a server behaves. */
    enum Manner {
        QUICK,
        /** Each reply takes a while. */
        SLOW,
        /** Connections are refused. */
        DOWN
    }

    final AtomicInteger quick = new AtomicInteger();
    final AtomicInteger slow = new AtomicInteger();
    private final IntConsumer arrived;
    private final int slowMillis;
    private final List<ServerSocket> listening = new ArrayList<>();

    /** @param arrived is told the number in a message's mark, @param slowMillis how long a slow one waits before each reply */
    Destinations(IntConsumer arrived, int slowMillis) {
        this.arrived = arrived;
        this.slowMillis = slowMillis;
    }

    static String mark(int number) {
        return MARK + number + "\r\n";
    }

    /** Opens the ports of the numbers 1 to {@code count}. */
    void open(int count, IntFunction<Manner> manners) throws IOException {
        for (int i = 1; i <= count; i++) {
            Manner manner = manners.apply(i);
            if (manner != Manner.DOWN) {
                ServerSocket server = new ServerSocket(FIRST_PORT + i, 128, InetAddress.getByName("127.0.0.1"));
                listening.add(server);
                Thread.ofVirtual().start(() -> accept(server, manner));
            }
        }
    }

    private void accept(ServerSocket server, Manner manner) {
        while (true) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket, manner));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket, Manner manner) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            say(out, manner, "220 sink.test ESMTP");
            for (String line = Lines.next(in); line != null; line = Lines.next(in)) {
                String verb = line.length() < 4 ? line : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "EHLO" -> say(out, manner, "250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME");
                    case "DATA" -> {
                        say(out, manner, "354 go");
                        content(in);
                        (manner == Manner.SLOW ? slow : quick).incrementAndGet();
                        say(out, manner, "250 2.0.0 taken");
                    }
                    case "QUIT" -> {
                        say(out, Manner.QUICK, "221 2.0.0 bye");
                        return;
                    }
                    default -> say(out, manner, "250 2.0.0 ok");
                }
            }
        } catch (IOException | InterruptedException e) {
            // the gateway went away
        }
    }

    private void content(InputStream in) throws IOException {
        for (String line = Lines.next(in); line != null && !line.equals("."); line = Lines.next(in)) {
            if (line.startsWith(MARK)) {
                arrived.accept(Integer.parseInt(line.substring(MARK.length())));
            }
        }
    }

    private void say(OutputStream out, Manner manner, String reply) throws IOException, InterruptedException {
        if (manner == Manner.SLOW) {
            TimeUnit.MILLISECONDS.sleep(slowMillis);
        }
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket server : listening) {
            server.close();
        }
        listening.clear();
    }
}
