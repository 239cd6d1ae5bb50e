package io.sekisho.testkit.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests: ECDSA P-256, certificates valid from 2020 to 2100 unless said otherwise. */
public final class TestAuthority {
    /** When certificates begin to hold. */
    public static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    /** When they end to hold. */
    public static final Instant UNTIL = Instant.parse("2100-01-01T00:00:00Z");

    private final AtomicLong serials = new AtomicLong(1);
    private final KeyPair keys;
    private final List<X509Certificate> chain;

    private TestAuthority(KeyPair keys, List<X509Certificate> chain) {
        this.keys = keys;
        this.chain = chain;
    }

    /** A root of its own. @param name its common name */
    public static TestAuthority root(String name) {
        KeyPair keys = keys();
        X500Principal who = new X500Principal("CN=" + name);
        return new TestAuthority(keys, List.of(make(who, keys, who, keys, 1, List.of(), true, UNTIL)));
    }

    /** An authority that this one vouches for. @param name its common name */
    public TestAuthority intermediate(String name) {
        KeyPair made = keys();
        return new TestAuthority(made, chainOf(made, new X500Principal("CN=" + name), List.of(), true, UNTIL));
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** A certificate for these host names. */
    public TestIdentity issue(String... hosts) {
        return issue(UNTIL, hosts);
    }

    /** A certificate for these host names that holds until a time. */
    public TestIdentity issue(Instant until, String... hosts) {
        KeyPair made = keys();
        X500Principal who = new X500Principal("O=Test");
        return new TestIdentity(chainOf(made, who, List.of(hosts), false, until), made.getPrivate());
    }

    /** A certificate without alternative names, whose common name is the host. */
    public TestIdentity issueByCommonName(String host) {
        KeyPair made = keys();
        return new TestIdentity(
                chainOf(made, new X500Principal("CN=" + host), List.of(), false, UNTIL), made.getPrivate());
    }

    /** TLS that trusts this authority and nobody else. */
    public SSLContext trusting() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<X509Certificate> chainOf(
            KeyPair made, X500Principal who, List<String> hosts, boolean authority, Instant until) {
        List<X509Certificate> all = new ArrayList<>();
        X500Principal issuer = certificate().getSubjectX500Principal();
        all.add(make(issuer, keys, who, made, serials.incrementAndGet(), hosts, authority, until));
        all.addAll(chain);
        return List.copyOf(all);
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate make(
            X500Principal issuer,
            KeyPair issuerKeys,
            X500Principal subject,
            KeyPair subjectKeys,
            long serial,
            List<String> hosts,
            boolean authority,
            Instant until) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(serial),
                    Date.from(FROM),
                    Date.from(until),
                    subject,
                    subjectKeys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            int usage = authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature;
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (!hosts.isEmpty()) {
                GeneralName[] names = hosts.stream()
                        .map(host -> new GeneralName(GeneralName.dNSName, host))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
