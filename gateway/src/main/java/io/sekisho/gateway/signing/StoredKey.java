package io.sekisho.gateway.signing;

import io.sekisho.mail.dkim.key.DkimKey;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.Selector;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A key as it stands in the database. Two are equal only when they are the same object: a changed one is a new one. */
final class StoredKey {
    private final DkimKey key;
    private final KeyRecord record;
    private final byte[] sealed;
    private final @Nullable Instant seenAt;

    /**
     * A key.
     *
     * @param record what publishes it
     * @param sealed the private key in its box; handed over
     * @param seenAt when DNS first showed the record; null when it never did
     */
    StoredKey(DkimKey key, KeyRecord record, byte[] sealed, @Nullable Instant seenAt) {
        this.key = key;
        this.record = record;
        this.sealed = sealed;
        this.seenAt = seenAt;
    }

    DkimKey key() {
        return key;
    }

    Selector selector() {
        return key.selector();
    }

    KeyRecord record() {
        return record;
    }

    byte[] sealed() {
        return sealed;
    }

    @Nullable
    Instant seenAt() {
        return seenAt;
    }

    /** The same in another part of its life. */
    StoredKey with(DkimKey other) {
        return new StoredKey(other, record, sealed, seenAt);
    }

    /** The same, seen in DNS. */
    StoredKey seen(Instant at) {
        return new StoredKey(key, record, sealed, at);
    }

    /** The same in another box. */
    StoredKey sealedAs(byte[] box) {
        return new StoredKey(key, record, box, seenAt);
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
