package io.sekisho.app.demo;

import io.sekisho.smtp.Connection;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A sending host's side of a session: a plain dialogue, one command after the other. It does not mind what it sends, because
 * the demo must send broken mail too.
 */
final class SendingSession implements Closeable {
    private static final int BLOCK = 64 << 10;

    private final Connection connection;
    private final SmtpStream stream;
    private boolean eightBitMime;

    private SendingSession(Connection connection, DemoLimits limits) {
        this.connection = connection;
        this.stream = new SmtpStream(connection, limits.lineOctets());
    }

    /**
     * Greets. The connection is closed when this fails.
     *
     * @throws IOException when the connection fails or the server does not want to talk
     */
    static SendingSession open(Connection connection, String hostName, DemoLimits limits) throws IOException {
        SendingSession session = new SendingSession(connection, limits);
        try {
            connection.readTimeout(limits.idle());
            connection.deadline(limits.session());
            session.greet(hostName);
            return session;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private void greet(String hostName) throws IOException {
        String greeting = last(reply());
        if (!greeting.startsWith("220")) {
            throw new IOException(greeting);
        }
        List<String> hello = command("EHLO " + hostName);
        if (!positive(last(hello))) {
            throw new IOException(last(hello));
        }
        eightBitMime = hello.stream().anyMatch(line -> line.substring(4).equals("8BITMIME"));
    }

    /** Sends one mail in one mail transaction (RFC 5321 section 3.3). @throws IOException when the connection is lost */
    SendResult send(DemoMail mail) throws IOException {
        byte[] octets = mail.octets().get();
        String body = eightBitMime && eightBit(octets) ? " BODY=8BITMIME" : "";
        String sender = last(command("MAIL FROM:<" + mail.sender() + ">" + body));
        if (!positive(sender)) {
            return ended(sender);
        }
        List<String> refusals = new ArrayList<>();
        for (String recipient : mail.recipients()) {
            String reply = last(command("RCPT TO:<" + recipient + ">"));
            if (!positive(reply)) {
                refusals.add(reply);
            }
        }
        if (refusals.size() == mail.recipients().size()) {
            command("RSET");
            return ended(refusals.getFirst());
        }
        String data = last(command("DATA"));
        if (!data.startsWith("354")) {
            return ended(data);
        }
        content(octets);
        String reply = last(reply());
        return positive(reply) ? new SendResult.Taken(reply, refusals) : ended(reply);
    }

    /** QUIT and the end; what the server says to it matters to nobody. */
    @Override
    public void close() {
        try (connection) {
            stream.write("QUIT\r\n");
        } catch (IOException e) {
            // the server was first
        }
    }

    /** Dot-stuffing at the start of each line that CR LF ended, then the final dot (RFC 5321 section 4.5.2). */
    private void content(byte[] octets) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK + 2);
        for (int i = 0; i < octets.length; i++) {
            boolean lineStart = i == 0 || i >= 2 && octets[i - 1] == '\n' && octets[i - 2] == '\r';
            if (lineStart && octets[i] == '.') {
                block.write('.');
            }
            block.write(octets[i]);
            if (block.size() >= BLOCK) {
                stream.write(block.toByteArray());
                block.reset();
            }
        }
        int n = octets.length;
        boolean ended = n >= 2 && octets[n - 1] == '\n' && octets[n - 2] == '\r';
        stream.write(block.toByteArray());
        stream.write(ended ? ".\r\n" : "\r\n.\r\n");
    }

    private List<String> command(String line) throws IOException {
        stream.write(line + "\r\n");
        return reply();
    }

    private List<String> reply() throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = stream.line();
            if (line == null) {
                throw new EOFException("the gateway closed the connection");
            }
            if (line.length() < 3) {
                throw new IOException("not a reply: " + line);
            }
            lines.add(line.length() == 3 ? line + " " : line);
            if (lines.getLast().charAt(3) != '-') {
                return lines;
            }
        }
    }

    private static SendResult ended(String reply) {
        return reply.startsWith("5") ? new SendResult.Refused(reply) : new SendResult.NotYet(reply);
    }

    private static String last(List<String> reply) {
        return reply.getLast();
    }

    private static boolean positive(String reply) {
        return reply.startsWith("2");
    }

    private static boolean eightBit(byte[] octets) {
        for (byte b : octets) {
            if (b < 0) {
                return true;
            }
        }
        return false;
    }
}
