package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The host names in a certificate (RFC 6125 section 6.4, RFC 7672 section 3.2.3). */
final class CertificateNames {
    private static final int DNS_NAME = 2;

    private CertificateNames() {}

    /** Whether the certificate is for one of the names. */
    static boolean matches(X509Certificate certificate, Set<DomainName> names) {
        List<String> shown = shown(certificate);
        return names.stream().anyMatch(name -> shown.stream().anyMatch(pattern -> matches(pattern, name.ascii())));
    }

    private static boolean matches(String pattern, String name) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(name);
        }
        // a wildcard stands for one whole label, the first
        int dot = name.indexOf('.');
        return dot > 0 && pattern.indexOf('.', 2) > 0 && pattern.substring(1).equals(name.substring(dot));
    }

    /** The alternative names that are host names; the common name only where there are none. */
    private static List<String> shown(X509Certificate certificate) {
        List<String> shown = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.get(0).equals(DNS_NAME)) {
                        shown.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
            if (shown.isEmpty()) {
                LdapName subject =
                        new LdapName(certificate.getSubjectX500Principal().getName());
                for (Rdn part : subject.getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        shown.add(String.valueOf(part.getValue()).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException | InvalidNameException e) {
            // a certificate whose names cannot be read has none
            return List.of();
        }
        return shown;
    }
}
