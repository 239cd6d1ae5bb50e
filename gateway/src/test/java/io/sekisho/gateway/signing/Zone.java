package io.sekisho.gateway.signing;

import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A DNS with the TXT records that tests put into it. */
final class Zone implements Resolver {
    private static final Duration TTL = Duration.ofMinutes(5);

    final Map<String, List<DnsRecord.Txt>> records = new ConcurrentHashMap<>();
    volatile boolean broken;

    /** What an operator does who was told so. */
    void publish(PublishedKey key) {
        records.put(key.name(), List.of(new DnsRecord.Txt(key.strings())));
    }

    void publish(String name, String... texts) {
        records.put(
                name,
                List.of(texts).stream()
                        .map(text -> new DnsRecord.Txt(List.of(text)))
                        .toList());
    }

    /** The text of a name's record, empty when there is none. */
    String text(String name) {
        List<DnsRecord.Txt> found = records.getOrDefault(name, List.of());
        return found.isEmpty() ? "" : found.getFirst().joined();
    }

    @Override
    public <R extends DnsRecord> DnsAnswer<R> lookUp(DnsName name, RecordType<R> type) {
        if (broken) {
            return new DnsAnswer.TemporaryFailure<>(DnsAnswer.Cause.NO_ANSWER, "nobody answers");
        }
        List<R> found = records.getOrDefault(name.text(), List.of()).stream()
                .map(type.kind()::cast)
                .toList();
        return found.isEmpty()
                ? new DnsAnswer.NoSuchName<>(name, TTL, false)
                : new DnsAnswer.Found<>(name, found, TTL, false);
    }
}
