package io.sekisho.mail.dns;

import java.util.List;

/**
 * A type of records that can be asked for.
 *
 * @param <R> what such a record holds
 */
public final class RecordType<R extends DnsRecord> {
    /** IPv4 addresses. */
    public static final RecordType<DnsRecord.A> A = new RecordType<>("A", 1, DnsRecord.A.class);
    /** Name servers of a zone. */
    public static final RecordType<DnsRecord.Ns> NS = new RecordType<>("NS", 2, DnsRecord.Ns.class);
    /** An alias; the alias itself is answered, it is not followed. */
    public static final RecordType<DnsRecord.Cname> CNAME = new RecordType<>("CNAME", 5, DnsRecord.Cname.class);
    /** The start of a zone. */
    public static final RecordType<DnsRecord.Soa> SOA = new RecordType<>("SOA", 6, DnsRecord.Soa.class);
    /** Names of addresses. */
    public static final RecordType<DnsRecord.Ptr> PTR = new RecordType<>("PTR", 12, DnsRecord.Ptr.class);
    /** Mail exchangers. */
    public static final RecordType<DnsRecord.Mx> MX = new RecordType<>("MX", 15, DnsRecord.Mx.class);
    /** Text. */
    public static final RecordType<DnsRecord.Txt> TXT = new RecordType<>("TXT", 16, DnsRecord.Txt.class);
    /** IPv6 addresses. */
    public static final RecordType<DnsRecord.Aaaa> AAAA = new RecordType<>("AAAA", 28, DnsRecord.Aaaa.class);
    /** Certificates of TLS servers. */
    public static final RecordType<DnsRecord.Tlsa> TLSA = new RecordType<>("TLSA", 52, DnsRecord.Tlsa.class);

    /** All of them. */
    public static final List<RecordType<? extends DnsRecord>> ALL =
            List.of(A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, TLSA);

    private final String word;
    private final int number;
    private final Class<R> kind;

    private RecordType(String word, int number, Class<R> kind) {
        this.word = word;
        this.number = number;
        this.kind = kind;
    }

    /** The number in a question (RFC 1035 section 3.2.2). */
    public int number() {
        return number;
    }

    /** The class of such records. */
    public Class<R> kind() {
        return kind;
    }

    /** The word that stands for it in a zone, such as {@code MX}. */
    @Override
    public String toString() {
        return word;
    }
}
