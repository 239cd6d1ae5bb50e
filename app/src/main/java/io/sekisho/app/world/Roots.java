package io.sekisho.app.world;

import io.sekisho.smtp.tls.CertificateJudge;
import io.sekisho.smtp.tls.TrustAnchors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The roots that certificates must lead to: those of the platform and those the operator adds. Read when first needed. */
public final class Roots implements CertificateJudge {
    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable Path more;
    private final InstantSource clock;
    private @Nullable Known known;

    private record Known(TrustAnchors anchors, List<X509Certificate> roots) {}

    /** Roots that are not read yet. @param more a PEM file of further ones; null for none */
    public Roots(@Nullable Path more, InstantSource clock) {
        this.more = more;
        this.clock = clock;
    }

    @Override
    public Verdict judge(List<X509Certificate> chain, List<String> names) {
        return known().anchors().judge(chain, names);
    }

    /** All of them. */
    List<X509Certificate> all() {
        return known().roots();
    }

    private Known known() {
        lock.lock();
        try {
            Known read = known;
            if (read == null) {
                read = read();
                known = read;
            }
            return read;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trusted roots cannot be read: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private Known read() throws GeneralSecurityException, IOException {
        List<X509Certificate> roots = new ArrayList<>(TrustAnchors.ofThePlatform());
        if (more != null) {
            try (InputStream in = Files.newInputStream(more)) {
                for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    roots.add((X509Certificate) one);
                }
            }
        }
        return new Known(new TrustAnchors(roots, clock), List.copyOf(roots));
    }
}
