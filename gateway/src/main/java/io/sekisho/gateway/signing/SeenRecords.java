package io.sekisho.gateway.signing;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.Selector;
import io.sekisho.mail.dkim.key.TagList;
import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import java.util.Set;

/** Looks whether DNS shows key records as they were made (RFC 6376 section 3.6.2). */
record SeenRecords(Resolver resolver, DomainName domain) {
    /** Tags that do not narrow what the key is good for: version, key type, key and notes. */
    private static final Set<String> HARMLESS = Set.of("v", "k", "p", "n");

    /** What DNS shows. */
    enum Seen {
        /** The record, and nothing else. */
        AS_MADE,
        /** No record, another one, or several, of which a verifier may take any (section 3.6.2.2). */
        OTHERWISE,
        /** That cannot be said now. */
        UNKNOWN
    }

    Seen look(Selector selector, KeyRecord record) {
        DnsName name = DnsName.parse(selector.recordName(domain));
        if (name == null) {
            return Seen.OTHERWISE;
        }
        return switch (resolver.lookUp(name, RecordType.TXT)) {
            case DnsAnswer.Found<DnsRecord.Txt> found ->
                found.records().size() == 1 && asMade(found.records().getFirst().joined(), record)
                        ? Seen.AS_MADE
                        : Seen.OTHERWISE;
            case DnsAnswer.NoData<DnsRecord.Txt> none -> Seen.OTHERWISE;
            case DnsAnswer.NoSuchName<DnsRecord.Txt> none -> Seen.OTHERWISE;
            case DnsAnswer.TemporaryFailure<DnsRecord.Txt> failure -> Seen.UNKNOWN;
        };
    }

    private static boolean asMade(String text, KeyRecord record) {
        TagList tags = TagList.parse(text);
        return tags != null && HARMLESS.containsAll(tags.all().keySet()) && record.equals(KeyRecord.parse(text));
    }
}
