package io.sekisho.gateway.policy;

import io.sekisho.mail.address.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.random.RandomGenerator;

/**
 * The recipients of one domain, as a sorted array of keyed 64-bit hashes: 8 octets an address, so that ten million fit in
 * memory and a harvest attack costs a binary search. Without the key nobody can make an address that is taken for another.
 */
public final class RecipientSet {
    private final boolean all;
    private final SipHash key;
    private final long[] hashes;

    private RecipientSet(boolean all, SipHash key, long[] hashes) {
        this.all = all;
        this.key = key;
        this.hashes = hashes;
    }

    /** Every address of the domain is a recipient (catch-all at the customer's server). */
    public static RecipientSet everyone() {
        return new RecipientSet(true, new SipHash(0, 0), new long[0]);
    }

    /** The mailboxes, compared by {@link Mailbox#key()}. @param random gives the key */
    public static RecipientSet of(Collection<Mailbox> mailboxes, RandomGenerator random) {
        SipHash key = new SipHash(random.nextLong(), random.nextLong());
        long[] hashes = mailboxes.stream()
                .mapToLong(mailbox -> hash(key, mailbox))
                .sorted()
                .distinct()
                .toArray();
        return new RecipientSet(false, key, hashes);
    }

    /** Whether the mailbox is a recipient. */
    public boolean contains(Mailbox mailbox) {
        return all || Arrays.binarySearch(hashes, hash(key, mailbox)) >= 0;
    }

    /** The number of recipients; 0 when everyone is. */
    public int size() {
        return hashes.length;
    }

    private static long hash(SipHash key, Mailbox mailbox) {
        return key.hash(mailbox.key().getBytes(StandardCharsets.UTF_8));
    }
}
