package io.sekisho.smtp.client;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.TlsConnection;
import io.sekisho.smtp.tls.TlsOutcome;
import io.sekisho.smtp.tls.UpgradableConnection;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server, from the greeting to QUIT, over any number of mail transactions. Used by one thread at a
 * time. It holds the one buffer in which everything that is sent is put together.
 */
final class ClientSession {
    private static final int SMALL_BUFFER = 1024;
    private static final int SERVICE_CLOSING = 421;

    private final UpgradableConnection connection;
    private final ClientLimits limits;
    private final LongSupplier nanos;
    private final ReplyReader replies;
    private final String server;
    private Capabilities capabilities = Capabilities.NONE;
    private TlsOutcome tls = new TlsOutcome.Untried();
    private byte[] out = new byte[SMALL_BUFFER];
    private int length;
    private long end;
    private String stage = "waiting for the greeting";
    private boolean resetNeeded;
    private boolean kept;
    private int messages;
    private long idleSince;

    /** A session on a connection that has just been made. @param end when the transmission must be over, by {@code nanos} */
    ClientSession(Connection connection, ClientLimits limits, LongSupplier nanos, long end) {
        this.connection = new UpgradableConnection(connection);
        this.limits = limits;
        this.nanos = nanos;
        this.end = end;
        this.replies = new ReplyReader(this.connection, limits.replies(), nanos);
        String address = connection.remoteAddress().getHostAddress();
        this.server = new NextHop(address, connection.remotePort()).toString();
    }

    /**
     * Greeting and EHLO, or HELO where EHLO is not known (RFC 5321 sections 3.1 and 3.2).
     *
     * @param helo our name
     * @throws IOException when the server cannot be talked to or does not want us, in words
     */
    void open(String helo) throws IOException {
        RemoteReply greeting = reply("waiting for the greeting", limits.waits().greeting(), null);
        if (greeting.code() != 220) {
            throw new ProtocolException("the server turned us away: " + greeting);
        }
        hello(helo);
    }

    /** EHLO, or HELO where EHLO is not known: at first, and again when TLS is on (RFC 3207 section 4.2). */
    void hello(String helo) throws IOException {
        List<String> lines = new ArrayList<>();
        RemoteReply hello = ask("EHLO " + helo, "waiting for the reply to EHLO", lines);
        if (hello.code() == 250) {
            capabilities = Capabilities.of(lines);
            return;
        }
        if (hello.permanent()) {
            hello = ask("HELO " + helo, "waiting for the reply to HELO", null);
        }
        if (hello.code() != 250) {
            throw new ProtocolException("the server did not take our greeting: " + hello);
        }
    }

    /** STARTTLS. @return why it was not granted, so that the session could go on without it; null when it was */
    @Nullable
    String askForTls() throws IOException {
        RemoteReply reply = ask("STARTTLS", "waiting for the reply to STARTTLS", null);
        if (reply.code() == SERVICE_CLOSING) {
            throw new ProtocolException("the server left: " + reply);
        }
        if (reply.positive() && reply.code() != 220) {
            // it may wait for the handshake now, or not
            throw new ProtocolException("unfitting reply: " + reply);
        }
        return reply.code() == 220 ? null : "STARTTLS was not granted: " + reply;
    }

    /**
     * The handshake behind the 220. Whatever the server said in plaintext is not taken for what it says in TLS.
     *
     * @param host whom to ask for
     */
    TlsConnection startTls(ClientTls client, String host) throws IOException {
        stage = "starting TLS";
        if (replies.unread() || connection.readable()) {
            throw new ProtocolException("the server went on in plaintext behind its reply to STARTTLS");
        }
        capabilities = Capabilities.NONE;
        TlsConnection secured = connection.upgrade(plain -> client.connect(plain, host));
        bound(end - nanos.getAsLong());
        return secured;
    }

    /** What became of TLS. */
    TlsOutcome tls() {
        return tls;
    }

    void tls(TlsOutcome outcome) {
        tls = outcome;
    }

    private RemoteReply ask(String command, String stage, @Nullable List<String> lines) throws IOException {
        appendAscii(command);
        endLine();
        flush("sending a command");
        return reply(stage, limits.waits().hello(), lines);
    }

    /** The address and port at the other end. */
    String server() {
        return server;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    ClientLimits limits() {
        return limits;
    }

    /** A transmission begins on a session that was kept. @param end when it must be over */
    void resume(long end) {
        this.end = end;
        length = 0;
    }

    /** Whether the session comes from an earlier transmission, so that the server may have left meanwhile. */
    boolean kept() {
        return kept;
    }

    /** Whether the server has spoken, or was cut off noticeably, while nothing was asked of it. */
    boolean spokeOutOfTurn() throws IOException {
        return replyArrived();
    }

    /** Whether a reply has arrived, or a part of one. */
    boolean replyArrived() throws IOException {
        return replies.unread() || connection.readable();
    }

    /** Whether a transaction was left open, so that the next one must begin with RSET. */
    boolean resetNeeded() {
        return resetNeeded;
    }

    void resetNeeded(boolean needed) {
        resetNeeded = needed;
    }

    /** A transmission has ended well. @return whether another may follow */
    boolean finished() {
        messages++;
        int most = limits.kept().messages();
        int allowed = capabilities.limits().mails();
        return messages < (allowed == 0 ? most : Math.min(most, allowed)) && !replies.unread();
    }

    /** The session is put aside for the next message. @param now by {@code nanos} */
    void park(long now) {
        kept = true;
        idleSince = now;
        if (out.length > limits.kept().buffer()) {
            out = new byte[SMALL_BUFFER];
        }
        connection.deadline(limits.kept().idle().multipliedBy(2));
    }

    /** Whether it has been idle for too long. */
    boolean stale(long now) {
        return now - idleSince >= limits.kept().idle().toNanos();
    }

    /** Puts ASCII text behind what is to be sent. @throws IllegalArgumentException when it is none: half of a character may be CR or LF */
    void appendAscii(String text) {
        int n = text.length();
        room(n);
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c > 127) {
                throw new IllegalArgumentException("not ASCII: " + text);
            }
            out[length++] = (byte) c;
        }
    }

    /** Puts text in UTF-8 behind what is to be sent. */
    void appendText(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        room(octets.length);
        System.arraycopy(octets, 0, out, length, octets.length);
        length += octets.length;
    }

    /** Puts CR LF behind what is to be sent. */
    void endLine() {
        room(2);
        out[length++] = '\r';
        out[length++] = '\n';
    }

    /** Puts octets behind what is to be sent; what fills a block is written at once. */
    void append(byte[] from, int offset, int count) throws IOException {
        int at = offset;
        int left = count;
        while (left > 0) {
            if (length == limits.block()) {
                flush("sending the content");
            }
            int now = Math.min(left, limits.block() - length);
            room(now);
            System.arraycopy(from, at, out, length, now);
            length += now;
            at += now;
            left -= now;
        }
    }

    /** Makes the buffer large enough for this much more, so that it does not grow in steps. */
    void room(int more) {
        if (out.length - length < more) {
            int wanted = Math.max(length + more, SMALL_BUFFER);
            out = Arrays.copyOf(out, Integer.highestOneBit(wanted - 1) << 1);
        }
    }

    /** Octets put together and not yet written. */
    int pending() {
        return length;
    }

    /** Writes what was put together, in one write. @param doing what this is, for the words of a failure */
    void flush(String doing) throws IOException {
        stage = doing;
        requireSilence();
        int count = length;
        length = 0;
        long left = end - nanos.getAsLong();
        long block = limits.waits().block().toNanos();
        bound(Math.min(left, block));
        connection.write(out, 0, count);
    }

    /** Nothing may have been said that was not asked for. @throws ProtocolException when something was: replies would be taken for others */
    void requireSilence() throws IOException {
        if (replies.unread()) {
            throw new ProtocolException("the server spoke before it was asked: "
                    + replies.next(limits.waits().parting(), null));
        }
    }

    /** The next reply. @param waiting what we wait for, in words */
    RemoteReply reply(String waiting, Duration timeout) throws IOException {
        return reply(waiting, timeout, null);
    }

    private RemoteReply reply(String waiting, Duration timeout, @Nullable List<String> lines) throws IOException {
        stage = waiting;
        bound(end - nanos.getAsLong());
        return replies.next(timeout, lines);
    }

    private void bound(long left) throws IOException {
        if (left <= 0) {
            throw new IOException(
                    "not done within " + limits.waits().transmission().toSeconds() + " s");
        }
        connection.deadline(Duration.ofNanos(left));
    }

    /** What the server said before it broke the connection while we wrote; null when it said nothing usable. */
    @Nullable
    RemoteReply lastWords() {
        try {
            return replies.next(limits.waits().parting(), null);
        } catch (IOException e) {
            return null;
        }
    }

    /** What happened, in words for an administrator. */
    String failure(IOException e) {
        String message = e.getMessage();
        return server + ": " + (message == null ? e.getClass().getSimpleName() : message) + " (" + stage + ")";
    }

    /** Says QUIT, waits a little for the reply, and closes (RFC 5321 section 4.1.1.10). */
    void quit() {
        try {
            end = nanos.getAsLong() + limits.waits().parting().toNanos();
            length = 0;
            appendAscii("QUIT\r\n");
            flush("sending QUIT");
            reply("waiting for the reply to QUIT", limits.waits().parting());
        } catch (IOException e) {
            stage = "closed without a reply to QUIT";
        } finally {
            connection.close();
        }
    }

    /** Ends the connection at once, without QUIT. */
    void close() {
        connection.close();
    }
}
