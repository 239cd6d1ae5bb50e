package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsRecord;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says whether a server is the one that a domain's TLSA records mean (RFC 7672 section 3).
 *
 * @param records usable records, at least one
 * @param names the names of which a certificate must have one, where an authority is named instead of the certificate itself
 */
public record DaneMatcher(List<DnsRecord.Tlsa> records, Set<DomainName> names) {
    /** Takes copies. */
    public DaneMatcher {
        records = List.copyOf(records);
        names = Set.copyOf(names);
    }

    /**
     * Judges what a server has shown.
     *
     * @param chain the certificates of the handshake, the server's own first
     * @param now the time, for certificates that must not be outdated
     */
    public DaneVerdict judge(List<X509Certificate> chain, Instant now) {
        if (chain.isEmpty()) {
            return new DaneVerdict.Unmatched(
                    DaneVerdict.Cause.VALIDATION_FAILURE, "the server has shown no certificate");
        }
        X509Certificate server = chain.getFirst();
        for (DnsRecord.Tlsa record : records) {
            // nothing else counts: neither names nor dates (RFC 7672 section 3.1.1)
            if (record.usage() == UsableTlsa.END_ENTITY && UsableTlsa.matches(record, server)) {
                return new DaneVerdict.Matched(record);
            }
        }
        DaneVerdict last = new DaneVerdict.Unmatched(
                DaneVerdict.Cause.VALIDATION_FAILURE, "no certificate of the server matches a TLSA record");
        for (DnsRecord.Tlsa record : records) {
            if (record.usage() != UsableTlsa.TRUST_ANCHOR) {
                continue;
            }
            for (X509Certificate authority : chain.subList(1, chain.size())) {
                if (UsableTlsa.matches(record, authority)) {
                    last = vouched(record, authority, chain, now);
                    if (last instanceof DaneVerdict.Matched) {
                        return last;
                    }
                }
            }
        }
        return last;
    }

    private DaneVerdict vouched(
            DnsRecord.Tlsa record, X509Certificate authority, List<X509Certificate> chain, Instant now) {
        try {
            X509CertSelector server = new X509CertSelector();
            server.setCertificate(chain.getFirst());
            PKIXBuilderParameters parameters =
                    new PKIXBuilderParameters(Set.of(new TrustAnchor(authority, null)), server);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(new HashSet<>(chain))));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException e) {
            return expired(e, chain, now)
                    ? new DaneVerdict.Unmatched(
                            DaneVerdict.Cause.CERTIFICATE_EXPIRED, "a certificate does not hold now")
                    : new DaneVerdict.Unmatched(
                            DaneVerdict.Cause.CERTIFICATE_NOT_TRUSTED,
                            "the authority of the TLSA record does not vouch for the certificate: " + e.getMessage());
        } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has PKIX", e);
        }
        return CertificateNames.matches(chain.getFirst(), names)
                ? new DaneVerdict.Matched(record)
                : new DaneVerdict.Unmatched(
                        DaneVerdict.Cause.CERTIFICATE_HOST_MISMATCH,
                        "the certificate has none of the names "
                                + names.stream().map(DomainName::ascii).sorted().toList());
    }

    private static boolean expired(GeneralSecurityException e, List<X509Certificate> chain, Instant now) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof CertPathValidatorException path
                    && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED) {
                return true;
            }
        }
        try {
            chain.getFirst().checkValidity(Date.from(now));
            return false;
        } catch (CertificateExpiredException | CertificateNotYetValidException outdated) {
            return true;
        }
    }
}
