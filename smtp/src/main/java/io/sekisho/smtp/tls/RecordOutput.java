package io.sekisho.smtp.tls;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Makes records of octets, or of what the engine has to say. Used by one thread at a time. */
final class RecordOutput {
    private final Connection below;
    private final SSLEngine engine;

    RecordOutput(Connection below, SSLEngine engine) {
        this.below = below;
        this.engine = engine;
    }

    /** Encrypts all. @return octets in {@code out} that are not yet written */
    int encrypt(ByteBuffer source, byte[] out) throws IOException {
        ByteBuffer records = ByteBuffer.wrap(out);
        boolean more = true;
        while (more) {
            SSLEngineResult result = wrap(source, records, out);
            switch (result.getStatus()) {
                case BUFFER_OVERFLOW -> {
                    if (records.position() == 0) {
                        throw new SSLException("a record is longer than the largest");
                    }
                    below.write(out, 0, records.position());
                    records.clear();
                }
                case CLOSED -> {
                    if (source.hasRemaining()) {
                        throw new SSLException("the TLS connection is closed");
                    }
                    more = false;
                }
                case BUFFER_UNDERFLOW -> throw new SSLException("a part of a record cannot be encrypted");
                case OK -> {
                    more = source.hasRemaining() || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
                    if (more && result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                        throw new SSLException("a new handshake stands between");
                    }
                }
            }
        }
        return records.position();
    }

    private SSLEngineResult wrap(ByteBuffer source, ByteBuffer records, byte[] out) throws IOException {
        try {
            return engine.wrap(source, records);
        } catch (SSLException e) {
            // an engine may give its alert first and then fail
            below.write(out, 0, records.position());
            throw e;
        }
    }
}
