package io.sekisho.gateway.world;

import io.sekisho.mail.dns.DnsRecord;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Which TLSA records can be used for mail, and which certificates they mean (RFC 6698 section 2.1, RFC 7671, RFC 7672 section 3). */
final class UsableTlsa {
    static final int TRUST_ANCHOR = 2;
    static final int END_ENTITY = 3;
    private static final int CERTIFICATE = 0;
    private static final int PUBLIC_KEY = 1;
    private static final int WHOLE = 0;
    private static final int SHA256 = 1;
    private static final int SHA512 = 2;

    private UsableTlsa() {}

    /** The usable ones. Where a stronger digest stands beside a weaker one, the weaker is left out (RFC 7671 section 9). */
    static List<DnsRecord.Tlsa> of(List<DnsRecord.Tlsa> records) {
        List<DnsRecord.Tlsa> usable =
                records.stream().filter(UsableTlsa::usable).distinct().toList();
        return usable.stream()
                .filter(one -> one.matching() != SHA256 || usable.stream().noneMatch(two -> stronger(two, one)))
                .toList();
    }

    private static boolean stronger(DnsRecord.Tlsa two, DnsRecord.Tlsa one) {
        return two.matching() == SHA512 && two.usage() == one.usage() && two.selector() == one.selector();
    }

    private static boolean usable(DnsRecord.Tlsa record) {
        if (record.usage() != TRUST_ANCHOR && record.usage() != END_ENTITY) {
            // usages 0 and 1 ask for public authorities, which servers of mail do not agree on (RFC 7672 section 3.1.3)
            return false;
        }
        byte[] data = data(record);
        boolean wellFormed = switch (record.matching()) {
            case WHOLE -> record.selector() == CERTIFICATE ? isCertificate(data) : isSequence(data);
            case SHA256 -> data.length == 32;
            case SHA512 -> data.length == 64;
            default -> false;
        };
        return wellFormed && (record.selector() == CERTIFICATE || record.selector() == PUBLIC_KEY);
    }

    private static byte[] data(DnsRecord.Tlsa record) {
        return HexFormat.of().parseHex(record.data());
    }

    private static boolean isCertificate(byte[] data) {
        try {
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(data))
                    instanceof X509Certificate;
        } catch (CertificateException e) {
            return false;
        }
    }

    /** Whether the octets are one DER sequence from beginning to end, as a public key is (X.690 section 8.1). */
    private static boolean isSequence(byte[] data) {
        if (data.length < 2 || data[0] != 0x30) {
            return false;
        }
        int first = data[1] & 0xff;
        if (first < 0x80) {
            return data.length == 2 + first;
        }
        int more = first & 0x7f;
        if (more < 1 || more > 3 || data.length < 2 + more) {
            return false;
        }
        int length = 0;
        for (int i = 0; i < more; i++) {
            length = length << 8 | data[2 + i] & 0xff;
        }
        return data.length == 2 + more + length;
    }

    /** Whether the record means this certificate. @param record a usable one */
    static boolean matches(DnsRecord.Tlsa record, X509Certificate certificate) {
        try {
            byte[] selected = record.selector() == CERTIFICATE
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            byte[] form = switch (record.matching()) {
                case SHA256 -> MessageDigest.getInstance("SHA-256").digest(selected);
                case SHA512 -> MessageDigest.getInstance("SHA-512").digest(selected);
                default -> selected;
            };
            return Arrays.equals(form, data(record));
        } catch (CertificateException e) {
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-2", e);
        }
    }
}
