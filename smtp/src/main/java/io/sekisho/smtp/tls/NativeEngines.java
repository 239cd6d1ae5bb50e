package io.sekisho.smtp.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Engines of BoringSSL, for one identity, whatever name a client asks for. Tickets are sealed with keys of our own: after half
 * the lifetime of a session come new ones, and those before open tickets as long again. An engine that nobody ended frees itself
 * when it is collected, as the context does when a certificate has been replaced.
 */
final class NativeEngines implements ServerEngines {
    /** Pages and chunks of the memory through which octets go to the native side and back: chunks of 1 MiB. */
    private static final int PAGE = 8192;

    private static final int PAGES = 7;
    private static final int ARENAS = 2;

    private final SslContext context;
    private final OpenSslSessionContext sessions;
    private final ByteBufAllocator memory = new PooledByteBufAllocator(true, 0, ARENAS, PAGE, PAGES, 0, 0, false);
    private final SecureRandom random;
    private final LongSupplier nanos;
    private final long keysLast;
    private final AtomicLong keysEnd;
    private volatile OpenSslSessionTicketKey key;

    /** @throws GeneralSecurityException when the key or certificate cannot be used there */
    NativeEngines(TlsIdentity identity, TlsLimits limits, LongSupplier nanos, SecureRandom random)
            throws GeneralSecurityException {
        try {
            this.context = SslContextBuilder.forServer(
                            identity.key(), identity.chain().toArray(X509Certificate[]::new))
                    .sslProvider(SslProvider.OPENSSL)
                    .protocols(TlsParameters.PROTOCOLS)
                    .ciphers(TlsParameters.SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .sessionCacheSize(limits.sessions())
                    .sessionTimeout(limits.sessionLifetime().toSeconds())
                    .build();
        } catch (SSLException | RuntimeException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
        this.sessions = (OpenSslSessionContext) context.sessionContext();
        this.random = random;
        this.nanos = nanos;
        this.keysLast = limits.sessionLifetime().toNanos() / 2;
        this.keysEnd = new AtomicLong(nanos.getAsLong() + keysLast);
        this.key = newKey();
        sessions.setTicketKeys(key);
    }

    /** Why there is none on this machine; null when there is. @throws LinkageError when not even its classes are there */
    static @Nullable String missing() {
        return OpenSsl.isAvailable() ? null : String.valueOf(OpenSsl.unavailabilityCause());
    }

    /** What it calls itself. */
    static String version() {
        return OpenSsl.versionString();
    }

    private OpenSslSessionTicketKey newKey() {
        byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
        byte[] seal = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
        byte[] cipher = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
        random.nextBytes(name);
        random.nextBytes(seal);
        random.nextBytes(cipher);
        return new OpenSslSessionTicketKey(name, seal, cipher);
    }

    private void renewKeys() {
        long end = keysEnd.get();
        long now = nanos.getAsLong();
        if (now - end >= 0 && keysEnd.compareAndSet(end, now + keysLast)) {
            OpenSslSessionTicketKey before = key;
            key = newKey();
            sessions.setTicketKeys(key, before);
        }
    }

    @Override
    public SSLEngine next() {
        renewKeys();
        return context.newEngine(memory);
    }

    @Override
    public void end(SSLEngine engine) {
        ReferenceCountUtil.release(engine);
    }

    @Override
    public int packet() {
        SSLEngine engine = next();
        try {
            return engine.getSession().getPacketBufferSize();
        } finally {
            end(engine);
        }
    }
}
