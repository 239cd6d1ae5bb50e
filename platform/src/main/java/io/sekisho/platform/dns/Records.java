package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;

/** Turns names and records of dnsjava into ours, and names back. */
final class Records {
    private Records() {}

    /** Our form of a record's data; null for a type that we do not read. */
    static @Nullable DnsRecord data(Record record) {
        return switch (record) {
            case ARecord a -> new DnsRecord.A(plain(a.getAddress()));
            case AAAARecord aaaa -> new DnsRecord.Aaaa(plain(aaaa.getAddress()));
            case MXRecord mx -> new DnsRecord.Mx(mx.getPriority(), name(mx.getTarget()));
            case TXTRecord txt ->
                new DnsRecord.Txt(txt.getStringsAsByteArrays().stream()
                        .map(octets -> new String(octets, StandardCharsets.ISO_8859_1))
                        .toList());
            case TLSARecord tlsa ->
                new DnsRecord.Tlsa(
                        tlsa.getCertificateUsage(),
                        tlsa.getSelector(),
                        tlsa.getMatchingType(),
                        HexFormat.of().formatHex(tlsa.getCertificateAssociationData()));
            case CNAMERecord cname -> new DnsRecord.Cname(name(cname.getTarget()));
            case NSRecord ns -> new DnsRecord.Ns(name(ns.getTarget()));
            case PTRRecord ptr -> new DnsRecord.Ptr(name(ptr.getTarget()));
            case SOARecord soa ->
                new DnsRecord.Soa(
                        name(soa.getHost()),
                        name(soa.getAdmin()),
                        soa.getSerial(),
                        soa.getRefresh(),
                        soa.getRetry(),
                        soa.getExpire(),
                        soa.getMinimum());
            default -> null;
        };
    }

    static DnsName name(Name name) {
        DnsName ours = DnsName.parse(name.toString());
        if (ours == null) {
            throw new IllegalStateException("a name that cannot be: " + name);
        }
        return ours;
    }

    static Name name(DnsName name) {
        try {
            return Name.fromString(name.isRoot() ? "." : name.text() + ".");
        } catch (TextParseException e) {
            throw new IllegalStateException("a name that cannot be: " + name, e);
        }
    }

    /** The address without a name, and as one of IPv4 when it is one. */
    private static InetAddress plain(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of no family", e);
        }
    }
}
