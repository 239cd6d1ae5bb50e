package io.sekisho.smtp.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Certificates for tests, made when they are needed. */
public final class TestIdentities {
    /** When all certificates that are not said to be otherwise are valid. */
    public static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");

    /** A root that some tests trust. */
    public static final TlsIdentity ROOT = root("Root of Trust");

    /** The name that most servers have. */
    public static final String MX = "mx.hakone.example";

    /** A server that {@link #ROOT} vouches for. */
    public static final TlsIdentity GOOD = issued(ROOT, "EC", NOW.plus(Duration.ofDays(90)), MX);

    private TestIdentities() {}

    /** A root. */
    public static TlsIdentity root(String name) {
        return issued(null, "EC", name, NOW.plus(Duration.ofDays(3650)), true);
    }

    /** An authority below another. */
    public static TlsIdentity authority(TlsIdentity issuer, String name) {
        return issued(issuer, "EC", name, NOW.plus(Duration.ofDays(3650)), true);
    }

    /** A server's identity; signed by itself when there is no issuer. @param algorithm EC or RSA */
    public static TlsIdentity issued(@Nullable TlsIdentity issuer, String algorithm, Instant ends, String... names) {
        return issued(issuer, algorithm, "server", ends, false, names);
    }

    private static TlsIdentity issued(
            @Nullable TlsIdentity issuer,
            String algorithm,
            String subject,
            Instant ends,
            boolean authority,
            String... names) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            KeyPair pair = generator.generateKeyPair();
            X500Name own = new X500Name("CN=" + subject);
            X500Name from = issuer == null
                    ? own
                    : X500Name.getInstance(
                            issuer.certificate().getSubjectX500Principal().getEncoded());
            var builder = new JcaX509v3CertificateBuilder(
                    from,
                    BigInteger.valueOf(pair.getPublic().hashCode()).abs(),
                    Date.from(ends.minus(Duration.ofDays(3650))),
                    Date.from(ends),
                    own,
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(Arrays.stream(names)
                                .map(name -> new GeneralName(GeneralName.dNSName, name))
                                .toArray(GeneralName[]::new)));
            }
            var key = issuer == null ? pair.getPrivate() : issuer.key();
            var signer = new JcaContentSignerBuilder(
                            key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA")
                    .build(key);
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
            if (issuer != null) {
                chain.addAll(issuer.chain());
            }
            return new TlsIdentity(chain, pair.getPrivate());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** All implementations of TLS that there are on this machine. */
    public static Stream<TlsProvider> providers() {
        return Stream.of(new TlsProvider.Platform(), TlsProvider.quickest(new SecureRandom()))
                .distinct();
    }

    /** A server's side by the Java platform with the limits of the product. */
    public static ServerTls server(TlsIdentity... identities) {
        return server(TlsLimits.defaults(), identities);
    }

    /** A server's side by the Java platform. */
    public static ServerTls server(TlsLimits limits, TlsIdentity... identities) {
        return server(new TlsProvider.Platform(), limits, identities);
    }

    /** A server's side. */
    public static ServerTls server(TlsProvider provider, TlsLimits limits, TlsIdentity... identities) {
        try {
            return new ServerTls(List.of(identities), limits, System::nanoTime, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client's side that trusts {@link #ROOT}. */
    public static ClientTls client() {
        return client(TlsLimits.defaults());
    }

    /** A client's side that trusts {@link #ROOT}. */
    public static ClientTls client(TlsLimits limits) {
        try {
            return new ClientTls(trust(), limits, System::nanoTime);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A judge that trusts {@link #ROOT}. */
    public static TrustAnchors trust() {
        return new TrustAnchors(List.of(ROOT.certificate()), () -> NOW);
    }

    /** The limits of the product with another bound for the handshake. */
    public static TlsLimits handshakeWithin(Duration bound) {
        TlsLimits usual = TlsLimits.defaults();
        return new TlsLimits(
                bound,
                usual.handshakeOctets(),
                usual.closing(),
                usual.emptyRecords(),
                usual.sessions(),
                usual.sessionLifetime(),
                usual.buffers(),
                usual.spareBuffers());
    }

    /** The limits of the product with other buffers. */
    static TlsLimits withBuffers(int buffers, int spare) {
        TlsLimits usual = TlsLimits.defaults();
        return new TlsLimits(
                usual.handshake(),
                usual.handshakeOctets(),
                usual.closing(),
                usual.emptyRecords(),
                usual.sessions(),
                usual.sessionLifetime(),
                buffers,
                spare);
    }

    /** The limits of the product with others for what a peer may send to no purpose. */
    static TlsLimits withNoise(int handshakeOctets, int emptyRecords) {
        TlsLimits usual = TlsLimits.defaults();
        return new TlsLimits(
                usual.handshake(),
                handshakeOctets,
                usual.closing(),
                emptyRecords,
                usual.sessions(),
                usual.sessionLifetime(),
                usual.buffers(),
                usual.spareBuffers());
    }
}
