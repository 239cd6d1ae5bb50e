package io.sekisho.platform.secret;

import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.tls.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate that we sign ourselves, for when the operator has given none: ECDSA on P-256, for our host name, made once and
 * kept. It proves nothing to others, and is enough for the many servers that use TLS without looking (RFC 7435).
 */
public final class SelfMadeIdentity {
    private static final Duration LIFE = Duration.ofDays(3650);
    /** Clocks of others may be behind. */
    private static final Duration EARLIER = Duration.ofDays(1);

    private static final int MAX_COMMON_NAME = 64;
    private static final int SERIAL_BITS = 127;

    private SelfMadeIdentity() {}

    /**
     * The identity in a directory; made anew when there is none, when it is for another name, or when it has ended.
     *
     * @param directory where {@code certificate.pem} and {@code key.pem} are kept; made if need be
     * @param host whom it is for
     * @throws IOException when it cannot be written, or what is there cannot be read, in words
     */
    public static TlsIdentity in(Path directory, DomainName host, SecureRandom random, InstantSource clock)
            throws IOException {
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        Instant now = clock.instant();
        if (Files.exists(certificate)
                && IdentityFiles.read(certificate, key) instanceof IdentityFiles.Read.Good(TlsIdentity kept)
                && fits(kept.certificate(), host, now)) {
            return kept;
        }
        TlsIdentity made = make(host, random, now);
        Files.createDirectories(directory);
        try {
            SecretFile.write(key, pem("PRIVATE KEY", made.key().getEncoded()), "rw-------");
            SecretFile.write(certificate, pem("CERTIFICATE", made.certificate().getEncoded()), "rw-r--r--");
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate could not be written down: " + e.getMessage(), e);
        }
        return made;
    }

    private static boolean fits(X509Certificate certificate, DomainName host, Instant now) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream().anyMatch(name -> host.ascii().equals(name.get(1)))
                    && now.isBefore(certificate.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static TlsIdentity make(DomainName host, SecureRandom random, Instant now) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            String name = host.ascii();
            X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.CN, name.length() > MAX_COMMON_NAME ? "mail server" : name)
                    .build();
            var builder = new JcaX509v3CertificateBuilder(
                    subject,
                    new BigInteger(SERIAL_BITS, random),
                    Date.from(now.minus(EARLIER)),
                    Date.from(now.plus(LIFE)),
                    subject,
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                    .setSecureRandom(random)
                    .build(pair.getPrivate());
            X509Certificate certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
            return new TlsIdentity(List.of(certificate), pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("a certificate could not be made: " + e.getMessage(), e);
        }
    }

    private static String pem(String label, byte[] octets) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }
}
