package io.sekisho.smtp.tls;

import io.sekisho.smtp.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another connection, whose handshake has been done. An idle one holds only a small buffer. A peer that ends the
 * stream without close_notify has ended it all the same: in SMTP nothing that is cut off counts (RFC 3207 section 6).
 */
public final class TlsConnection implements Connection {
    private static final System.Logger LOG = System.getLogger(TlsConnection.class.getName());
    private static final byte[] NOTHING = {};
    /** What the next reads get while nothing is known of the record to come; commands and replies fit. */
    private static final int SMALL = 512;

    private final Connection below;
    private final SSLEngine engine;
    private final Runnable ending;
    private final AtomicBoolean engineEnded = new AtomicBoolean();
    private final RecordBuffers buffers;
    private final RecordInput input;
    private final RecordOutput output;
    private final TlsLimits limits;
    private final LongSupplier nanos;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean broken;
    private byte[] plain = NOTHING;
    private int plainFrom;
    private int plainTo;
    private boolean established;
    private boolean ended;
    private int emptyRecords;
    private @Nullable Duration readTimeout;

    private TlsConnection(
            Connection below,
            SSLEngine engine,
            Runnable ending,
            RecordBuffers buffers,
            TlsLimits limits,
            LongSupplier nanos) {
        this.below = below;
        this.engine = engine;
        this.ending = ending;
        this.buffers = buffers;
        this.input = new RecordInput(below, buffers, SMALL);
        this.output = new RecordOutput(below, engine);
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * Does the handshake.
     *
     * @param below whoever calls still owns it when this fails; the alert has then been sent
     * @param ending run once when the engine has done its work, or the handshake has failed
     * @throws IOException when it fails or is not done in time, in words
     */
    static TlsConnection open(
            Connection below,
            SSLEngine engine,
            Runnable ending,
            RecordBuffers buffers,
            TlsLimits limits,
            LongSupplier nanos)
            throws IOException {
        var made = new TlsConnection(below, engine, ending, buffers, limits, nanos);
        below.deadline(limits.handshake().plus(limits.closing()));
        try {
            made.handshake();
        } catch (SocketTimeoutException e) {
            throw words(
                    "the TLS handshake was not done within "
                            + limits.handshake().toSeconds() + " s",
                    e);
        } catch (SSLException e) {
            made.sendAlert();
            throw words("the TLS handshake failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // whatever octets make the engine stumble: they are the peer's
            throw words("the TLS handshake failed inside: " + e, e);
        } finally {
            if (!made.established) {
                made.input.release();
                made.endEngine();
            }
        }
        return made;
    }

    private static IOException words(String words, Exception cause) {
        return new IOException(words, cause);
    }

    /** Protocol and cipher. */
    public TlsSession session() {
        return new TlsSession(
                engine.getSession().getProtocol(), engine.getSession().getCipherSuite());
    }

    /** What the peer showed, its own certificate first; empty when it showed none. */
    public List<X509Certificate> peerChain() {
        try {
            var chain = new ArrayList<X509Certificate>();
            for (var certificate : engine.getSession().getPeerCertificates()) {
                if (certificate instanceof X509Certificate known) {
                    chain.add(known);
                }
            }
            return List.copyOf(chain);
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        long endsBy = nanos.getAsLong() + limits.handshake().toNanos();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> send(NOTHING, 0, 0);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!decrypt(ByteBuffer.wrap(NOTHING)) && !seesThatItIsDone() && (ended || !fill(endsBy))) {
                        throw new EOFException("the peer closed the connection in the TLS handshake");
                    }
                    if (input.received() > limits.handshakeOctets()) {
                        throw new SSLException("the peer sent more than " + limits.handshakeOctets() + " octets");
                    }
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    established = true;
                    return;
                }
            }
        }
    }

    /** Asks the engine without giving it anything: some see only then that the last record was the last. */
    private boolean seesThatItIsDone() throws IOException {
        var _ = unwrap(ByteBuffer.wrap(NOTHING), ByteBuffer.wrap(NOTHING));
        HandshakeStatus status = engine.getHandshakeStatus();
        return status != HandshakeStatus.NEED_UNWRAP && status != HandshakeStatus.NEED_UNWRAP_AGAIN;
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public InetAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public int remotePort() {
        return below.remotePort();
    }

    @Override
    public void readTimeout(Duration timeout) throws IOException {
        below.readTimeout(timeout);
        readTimeout = timeout;
    }

    @Override
    public void deadline(Duration fromNow) {
        below.deadline(fromNow);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int had = takePlain(into, offset, length);
        if (had > 0 || length == 0) {
            return had;
        }
        ByteBuffer target = ByteBuffer.wrap(into, offset, length);
        Duration patience = readTimeout;
        long endsBy = patience == null ? Long.MAX_VALUE : nanos.getAsLong() + patience.toNanos();
        while (!ended) {
            boolean took = decrypt(target);
            int got = target.position() - offset;
            if (got == 0) {
                got = takePlain(into, offset, length);
            }
            if (got > 0) {
                return got;
            }
            if (!took && !ended && !fill(endsBy)) {
                ended = true;
            }
        }
        return -1;
    }

    private int takePlain(byte[] into, int offset, int length) {
        int n = Math.min(length, plainTo - plainFrom);
        System.arraycopy(plain, plainFrom, into, offset, n);
        plainFrom += n;
        if (plainFrom == plainTo) {
            plain = NOTHING;
            plainFrom = 0;
            plainTo = 0;
        }
        return n;
    }

    /** Waits for encrypted octets. @param endsBy when to give up, by {@code nanos}; the largest number: whenever the connection below does */
    private boolean fill(long endsBy) throws IOException {
        if (endsBy != Long.MAX_VALUE) {
            long left = endsBy - nanos.getAsLong();
            if (left <= 0) {
                throw new SocketTimeoutException("no whole record came in time");
            }
            below.readTimeout(Duration.ofNanos(left));
        }
        return input.fill();
    }

    /**
     * Decrypts one record, into the target, or into a buffer of our own when it might not fit there. The engine is asked only
     * when it has a whole record and room for all of it: what engines do otherwise differs.
     *
     * @return false when more octets must come first, or the peer has ended
     */
    private boolean decrypt(ByteBuffer target) throws IOException {
        if (ended || !input.complete()) {
            return false;
        }
        int most = input.recordLength();
        SSLEngineResult result;
        if (target.remaining() < most) {
            plain = new byte[most];
            ByteBuffer own = ByteBuffer.wrap(plain);
            result = unwrap(input.octets(), own);
            plainFrom = 0;
            plainTo = own.position();
            plain = plainTo == 0 ? NOTHING : plain;
        } else {
            result = unwrap(input.octets(), target);
        }
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW, BUFFER_OVERFLOW ->
                throw new SSLException("a record holds more or less than its length says");
            case CLOSED -> ended = true;
            case OK -> {
                if (established) {
                    afterRecord(result);
                }
            }
        }
        return !ended;
    }

    private SSLEngineResult unwrap(ByteBuffer source, ByteBuffer target) throws IOException {
        try {
            SSLEngineResult result = engine.unwrap(source, target);
            input.used(result.bytesConsumed());
            return result;
        } catch (SSLException e) {
            sendAlert();
            throw e;
        }
    }

    /** New keys and tickets of TLS 1.3 are taken; a new handshake inside TLS 1.2 is not (RFC 9325 section 3.5). */
    private void afterRecord(SSLEngineResult result) throws IOException {
        emptyRecords = result.bytesProduced() > 0 ? 0 : emptyRecords + 1;
        if (emptyRecords > limits.emptyRecords()) {
            broken = true;
            throw new SSLException(emptyRecords + " records without content, one after the other");
        }
        HandshakeStatus status = result.getHandshakeStatus();
        if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
            return;
        }
        if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            broken = true;
            throw new SSLException("the peer asked for a new handshake, which TLS 1.2 does not need");
        }
        runTasks();
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            send(NOTHING, 0, 0);
        }
    }

    private void sendAlert() {
        try {
            send(NOTHING, 0, 0);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "no alert could be sent: {0}", e.getMessage());
        } finally {
            broken = true;
        }
    }

    /** Whether decrypted octets are there; takes what has arrived, but waits for nothing. */
    @Override
    public boolean readable() throws IOException {
        while (plainFrom == plainTo && !ended) {
            if (!decrypt(ByteBuffer.wrap(NOTHING)) && (ended || !below.readable() || !input.fill())) {
                break;
            }
        }
        return plainFrom < plainTo;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        send(from, offset, length);
    }

    /** Encrypts and writes; with nothing to encrypt, whatever the engine has to say. */
    private void send(byte[] from, int offset, int length) throws IOException {
        writing.lock();
        try {
            byte[] out = buffers.any();
            byte[] last;
            try {
                last = Arrays.copyOf(out, output.encrypt(ByteBuffer.wrap(from, offset, length), out));
            } finally {
                buffers.keep(out);
            }
            if (last.length > 0) {
                below.write(last, 0, last.length);
            }
        } catch (IOException e) {
            broken = true;
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** Says close_notify, if that can be done without waiting for another thread, and ends both directions. */
    @Override
    public void close() {
        if (!broken && writing.tryLock()) {
            try {
                if (!engine.isOutboundDone()) {
                    engine.closeOutbound();
                    below.deadline(limits.closing());
                    send(NOTHING, 0, 0);
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.TRACE, "no close_notify could be sent: {0}", e.getMessage());
            } finally {
                writing.unlock();
            }
        }
        below.close();
        endEngine();
    }

    private void endEngine() {
        if (engineEnded.compareAndSet(false, true)) {
            ending.run();
        }
    }
}
