package io.sekisho.gateway.signing;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.DkimKey;
import io.sekisho.mail.dkim.key.RotationLimits;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;

/** Which DKIM records of our own domain belong in DNS, for the operator. Sees no private key, not even a sealed one. */
public final class KeyRecords {
    private final SigningStore store;
    private final InstantSource clock;
    private final RotationLimits limits;

    /** A reader. @param operator connections of the operator's login */
    public KeyRecords(DataSource operator, InstantSource clock, RotationLimits limits) {
        this.store = new SigningStore(operator);
        this.clock = clock;
        this.limits = limits;
    }

    /** The records of a domain; RSA first, then by age. @throws SQLException when the database does not answer */
    public List<PublishedKey> of(DomainName domain) throws SQLException {
        return store.published(domain).stream().map(key -> shown(domain, key)).toList();
    }

    private PublishedKey shown(DomainName domain, StoredKey stored) {
        DkimKey key = stored.key();
        return new PublishedKey(
                key.selector().recordName(domain),
                key.algorithm(),
                stored.record().strings(),
                state(stored));
    }

    private PublishedKey.State state(StoredKey stored) {
        DkimKey key = stored.key();
        Instant now = clock.instant();
        Instant retired = key.retiredAt();
        if (retired != null && !retired.isAfter(now)) {
            return new PublishedKey.State.Retired(retired.plus(limits.publishedAfter()));
        }
        Instant active = key.activeFrom();
        if (active != null && !active.isAfter(now)) {
            return new PublishedKey.State.Signing(active);
        }
        Instant seen = stored.seenAt();
        return seen == null ? new PublishedKey.State.ToPublish(key.created()) : new PublishedKey.State.Waiting(seen);
    }
}
