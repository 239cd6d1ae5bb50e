package io.sekisho.smtp.tls;

import io.sekisho.smtp.tls.TlsFailure.Kind;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Judges certificates by roots that are trusted (RFC 5280 section 6) and by the names they are for: only DNS names of the
 * subject alternative name count, and a star stands for one whole label on the left (RFC 6125 section 6.4). Revocation is
 * not looked up.
 */
public final class TrustAnchors implements CertificateJudge {
    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";
    private static final int DNS_NAME = 2;
    private static final int SHOWN_NAMES = 5;

    private final Set<TrustAnchor> anchors;
    private final InstantSource clock;

    /**
     * A judge.
     *
     * @param roots certificates that are trusted
     * @param clock what the validity of certificates is compared with
     */
    public TrustAnchors(Collection<X509Certificate> roots, InstantSource clock) {
        this.anchors = roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toUnmodifiableSet());
        this.clock = clock;
    }

    /** The roots that come with the Java platform. @throws GeneralSecurityException when they cannot be read */
    public static List<X509Certificate> ofThePlatform() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                return List.of(known.getAcceptedIssuers());
            }
        }
        return List.of();
    }

    @Override
    public Verdict judge(List<X509Certificate> chain, List<String> names) {
        X509Certificate own = chain.getFirst();
        Instant now = clock.instant();
        if (outside(own, now)) {
            return rejected(
                    Kind.CERTIFICATE_EXPIRED,
                    "the certificate is valid from " + own.getNotBefore().toInstant() + " to "
                            + own.getNotAfter().toInstant());
        }
        List<String> certified = dnsNames(own);
        if (names.stream().noneMatch(name -> certified.stream().anyMatch(pattern -> covers(pattern, name)))) {
            return rejected(
                    Kind.CERTIFICATE_HOST_MISMATCH,
                    "the certificate is for " + shown(certified) + ", not for " + String.join(" or ", names));
        }
        if (anchors.isEmpty()) {
            return rejected(Kind.CERTIFICATE_NOT_TRUSTED, "no root is trusted");
        }
        try {
            var _ = CertPathBuilder.getInstance("PKIX").build(parameters(chain, own, now));
            return new Verdict.Accepted();
        } catch (CertPathBuilderException e) {
            boolean expired = chain.stream().anyMatch(certificate -> outside(certificate, now));
            return expired
                    ? rejected(Kind.CERTIFICATE_EXPIRED, "a certificate of its issuers is not valid now")
                    : rejected(
                            Kind.CERTIFICATE_NOT_TRUSTED,
                            "the certificate of " + own.getIssuerX500Principal() + " leads to no root that is trusted");
        } catch (GeneralSecurityException e) {
            return rejected(Kind.VALIDATION_FAILURE, "the certificate cannot be judged: " + e.getMessage());
        }
    }

    private PKIXBuilderParameters parameters(List<X509Certificate> chain, X509Certificate own, Instant now)
            throws GeneralSecurityException {
        var wanted = new X509CertSelector();
        wanted.setCertificate(own);
        try {
            wanted.setExtendedKeyUsage(Set.of(FOR_SERVERS));
        } catch (java.io.IOException e) {
            throw new IllegalStateException("an object identifier of ours is none", e);
        }
        var parameters = new PKIXBuilderParameters(anchors, wanted);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        return parameters;
    }

    private static Verdict rejected(Kind kind, String detail) {
        return new Verdict.Rejected(new TlsFailure(kind, detail));
    }

    private static boolean outside(X509Certificate certificate, Instant now) {
        return now.isBefore(certificate.getNotBefore().toInstant())
                || now.isAfter(certificate.getNotAfter().toInstant());
    }

    private static List<String> dnsNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Whether a name in a certificate covers a host name. */
    static boolean covers(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && pattern.indexOf('.', 2) > 0 && host.substring(dot).equals(pattern.substring(1));
    }

    private static String shown(List<String> names) {
        if (names.isEmpty()) {
            return "no name";
        }
        String first = names.stream()
                .limit(SHOWN_NAMES)
                .map(name -> name.length() > 255 ? name.substring(0, 255) : name)
                .collect(Collectors.joining(", "));
        return names.size() > SHOWN_NAMES ? first + " and others" : first;
    }
}
