package io.sekisho.mail.dns;

/** Looks things up in the DNS. May be used by many threads; a look-up may wait for the network, within a bound. */
public interface Resolver {
    /**
     * Looks up the records of a name.
     *
     * @param name whose records
     * @param type which of them
     * @return what there is; a failure is an answer too, nothing is thrown
     */
    <R extends DnsRecord> DnsAnswer<R> lookUp(DnsName name, RecordType<R> type);
}
