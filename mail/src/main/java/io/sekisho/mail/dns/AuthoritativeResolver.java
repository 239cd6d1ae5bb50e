package io.sekisho.mail.dns;

/** Asks the name servers of a zone themselves, past every cache: what a customer has changed is seen at once. */
public interface AuthoritativeResolver {
    /**
     * Finds the zone that a name is in, and asks each of its name servers.
     *
     * @param name whose records
     * @param type which of them
     * @return an answer from each server, or why there is no one to ask
     */
    <R extends DnsRecord> AuthoritativeAnswer<R> authoritative(DnsName name, RecordType<R> type);
}
