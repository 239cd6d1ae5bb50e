package io.sekisho.smtp.client;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.tls.ServerTls;
import io.sekisho.smtp.tls.TlsConnection;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server on the loopback address that follows a script for each connection; the last script serves all later ones. */
final class ScriptedServer implements AutoCloseable {
    /** What is done with one connection; it is closed afterwards. An IOException ends it quietly: the client has gone. */
    interface Script {
        void talk(Wire wire) throws Exception;
    }

    /** What is answered to a line, or to "." after the content; null for the usual answer. */
    interface Answers {
        @Nullable
        String to(String line);
    }

    /** An answer that closes the connection instead. */
    static final String DROP = "drop";

    final List<String> heard = new CopyOnWriteArrayList<>();
    final List<byte[]> contents = new CopyOnWriteArrayList<>();
    final List<LoopbackConnection> clientSides = new CopyOnWriteArrayList<>();
    /** One entry for each connection that has ended at the server's side. */
    final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

    private final ServerSocket listening;
    private final List<Throwable> wrong = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    ScriptedServer(Script... scripts) throws IOException {
        listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(scripts));
    }

    private void accept(Script[] scripts) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                int number = accepted.getAndIncrement();
                open.add(socket);
                Thread.ofVirtual().start(() -> run(scripts[Math.min(number, scripts.length - 1)], socket, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void run(Script script, Socket socket, int number) {
        try (socket) {
            script.talk(new Wire(socket));
        } catch (IOException e) {
            return;
        } catch (Exception | AssertionError e) {
            wrong.add(e);
        } finally {
            ended.add(number);
        }
    }

    NextHop hop() {
        return new NextHop("mx.example", listening.getLocalPort());
    }

    Connection connect(NextHop hop, Duration timeout) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), hop.port());
        socket.setTcpNoDelay(true);
        var made = new LoopbackConnection(socket);
        clientSides.add(made);
        return made;
    }

    int connections() {
        return accepted.get();
    }

    List<String> commands(String verb) {
        return heard.stream().filter(line -> line.startsWith(verb)).toList();
    }

    /** Waits until this many connections have ended at the server's side. */
    void awaitEnded(int connections) throws InterruptedException {
        for (int i = 0; i < connections; i++) {
            if (ended.poll(10, TimeUnit.SECONDS) == null) {
                throw new AssertionError("only " + i + " connections have ended");
            }
        }
    }

    /** Stops, and fails when a script met what it did not expect. */
    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError("the server's script failed", wrong.getFirst());
        }
    }

    /** A TLS connection as a stream. */
    private static final class TlsInput extends InputStream {
        private final Connection secured;

        TlsInput(Connection secured) {
            this.secured = secured;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return secured.read(into, offset, length);
        }

        @Override
        public int available() throws IOException {
            return secured.readable() ? 1 : 0;
        }
    }

    /** A TLS connection as a stream. */
    private static final class TlsOutput extends OutputStream {
        private final Connection secured;

        TlsOutput(Connection secured) {
            this.secured = secured;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            secured.write(from, offset, length);
        }
    }

    /** One connection at the server's side. */
    final class Wire {
        private final Socket socket;
        private InputStream in;
        private OutputStream out;

        Wire(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream(), 4096);
            this.out = socket.getOutputStream();
        }

        void say(String... lines) throws IOException {
            raw(String.join("\r\n", lines) + "\r\n");
        }

        void raw(String octets) throws IOException {
            out.write(octets.getBytes(StandardCharsets.UTF_8));
        }

        void octets(byte[] octets) throws IOException {
            out.write(octets);
        }

        /** Goes over to TLS; the client has asked for it. */
        TlsConnection startTls(ServerTls tls) throws IOException {
            TlsConnection secured = tls.accept(new LoopbackConnection(socket));
            in = new BufferedInputStream(new TlsInput(secured), 4096);
            out = new TlsOutput(secured);
            return secured;
        }

        /** One octet to a packet. */
        void dribble(String line) throws IOException {
            socket.setTcpNoDelay(true);
            for (byte b : (line + "\r\n").getBytes(StandardCharsets.UTF_8)) {
                socket.getOutputStream().write(b);
            }
        }

        /** The next line without its CR LF. */
        String line() throws IOException {
            var line = new StringBuilder();
            int c = in.read();
            while (c != '\n') {
                if (c < 0) {
                    throw new IOException("the client has gone");
                }
                line.append((char) c);
                c = in.read();
            }
            if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
                throw new AssertionError("a line without CR: " + line);
            }
            line.setLength(line.length() - 1);
            heard.add(line.toString());
            return line.toString();
        }

        void expect(String command) throws IOException {
            String got = line();
            if (!got.equals(command)) {
                throw new AssertionError("expected " + command + " but heard " + got);
            }
        }

        void expectSilence() throws IOException {
            if (in.available() > 0) {
                throw new AssertionError("the client did not wait for the reply; it sent " + line());
            }
        }

        /** Reads to the line of one dot. */
        byte[] content() throws IOException {
            var all = new ByteArrayOutputStream();
            long lineEnd = 0x0d0aL;
            long wanted = lineEnd << 24 | (long) '.' << 16 | lineEnd;
            long window = lineEnd;
            while (window != wanted) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("the client has gone");
                }
                all.write(c);
                window = (window << 8 | c) & 0xffffffffffL;
            }
            contents.add(all.toByteArray());
            return all.toByteArray();
        }

        void greet(String... capabilities) throws IOException {
            say("220 mx.example ready");
            line();
            var lines = new java.util.ArrayList<String>();
            lines.add("mx.example");
            lines.addAll(List.of(capabilities));
            for (int i = 0; i < lines.size(); i++) {
                say("250" + (i == lines.size() - 1 ? " " : "-") + lines.get(i));
            }
        }

        /**
         * Serves until the client goes. The function is asked for the answer to each line, to "." after the content; null is the usual
         * answer.
         */
        void serve(Answers answers) throws IOException {
            while (true) {
                String line = line();
                String answer = answer(answers, line);
                if (answer.equals(DROP)) {
                    return;
                }
                say(answer);
                if (line.equals("QUIT")) {
                    return;
                }
                if (answer.startsWith("354")) {
                    content();
                    String last = answer(answers, ".");
                    if (last.equals(DROP)) {
                        return;
                    }
                    say(last);
                }
            }
        }

        private String answer(Answers answers, String line) {
            String given = answers.to(line);
            if (given != null) {
                return given;
            }
            return switch (line.split("[ :]")[0]) {
                case "DATA" -> "354 go on";
                case "." -> "250 2.0.0 taken";
                case "QUIT" -> "221 2.0.0 bye";
                case "MAIL" -> "250 2.1.0 sender ok";
                case "RCPT" -> "250 2.1.5 recipient ok";
                case "RSET" -> "250 2.0.0 forgotten";
                default -> "500 5.5.2 what";
            };
        }

        void readSome(int octets) throws IOException {
            for (int i = 0; i < octets; i++) {
                if (in.read() < 0) {
                    throw new IOException("the client has gone");
                }
            }
        }

        /** Reads so many octets, as characters. */
        String octets(int count) throws IOException {
            byte[] got = in.readNBytes(count);
            if (got.length < count) {
                throw new IOException("the client has gone");
            }
            return new String(got, StandardCharsets.UTF_8);
        }

        String lastRecipient() {
            return commands("RCPT").getLast();
        }

        boolean clientGone() throws IOException {
            return in.read() < 0;
        }
    }
}
