package io.sekisho.mail.dns;

import java.time.Duration;
import java.util.List;

/**
 * What a look-up came to. Aliases have been followed, unless the alias itself was asked for.
 *
 * @param <R> what was asked for
 */
public sealed interface DnsAnswer<R extends DnsRecord> {
    /** Whether a resolver that we trust has validated the answer, every alias on the way included (DNSSEC, RFC 4035 section 3.2.3). */
    boolean secure();

    /** The records; empty when there are none or they could not be had. */
    default List<R> records() {
        return List.of();
    }

    /**
     * There are records.
     *
     * @param owner the name that has them: the one asked for, or the last of its aliases
     * @param records at least one
     * @param ttl how long they hold from now on
     * @param secure as said above
     */
    record Found<R extends DnsRecord>(DnsName owner, List<R> records, Duration ttl, boolean secure)
            implements DnsAnswer<R> {
        /** Checks that there is a record. @throws IllegalArgumentException when there is none */
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("found nothing at " + owner);
            }
        }
    }

    /**
     * The name exists, but has no record of this type (RFC 2308 section 2.2).
     *
     * @param owner the name that has none: the one asked for, or the last of its aliases
     * @param ttl how long that holds from now on
     * @param secure as said above
     */
    record NoData<R extends DnsRecord>(DnsName owner, Duration ttl, boolean secure) implements DnsAnswer<R> {}

    /**
     * There is no such name (RFC 2308 section 2.1).
     *
     * @param owner the name that does not exist: the one asked for, or the last of its aliases
     * @param ttl how long that holds from now on
     * @param secure as said above
     */
    record NoSuchName<R extends DnsRecord>(DnsName owner, Duration ttl, boolean secure) implements DnsAnswer<R> {}

    /**
     * It could not be found out now. A zone whose signatures are broken ends here too.
     *
     * @param cause what kind of trouble
     * @param detail what happened, for an administrator
     */
    record TemporaryFailure<R extends DnsRecord>(Cause cause, String detail) implements DnsAnswer<R> {
        @Override
        public boolean secure() {
            return false;
        }
    }

    /** Why a look-up failed for now. */
    enum Cause {
        /** No server answered in time. */
        NO_ANSWER,
        /** The server said that it failed (SERVFAIL): it is broken, what it asked is, or the signatures are. */
        SERVER_FAILURE,
        /** The server does not want to answer, or is not one for this zone. */
        REFUSED,
        /** The answer is not one: it cannot be read, or contradicts itself. */
        MALFORMED,
        /** Aliases lead round in a circle, or to too many others. */
        ALIAS_LOOP,
        /** We may not connect to the server's address. */
        NOT_ALLOWED,
        /** Too many look-ups at once. */
        BUSY
    }
}
