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
public final class RecipientSet implements Recipients {
    private final SipHash key;
    private final long[] hashes;

    private RecipientSet(SipHash key, long[] hashes) {
        this.key = key;
        this.hashes = hashes;
    }

    /** The mailboxes, compared by {@link Mailbox#key()}. @param random gives the key */
    public static RecipientSet of(Collection<Mailbox> mailboxes, RandomGenerator random) {
        SipHash key = new SipHash(random.nextLong(), random.nextLong());
        Collector collector = new Collector(key);
        mailboxes.forEach(mailbox -> collector.add(mailbox.key()));
        return collector.done();
    }

    /** What was written down of a set. @param hashes by size, each once */
    static RecipientSet of(SipHash key, long[] hashes) {
        return new RecipientSet(key, hashes);
    }

    /** What the hashes are keyed with. */
    SipHash key() {
        return key;
    }

    /** The hashes by size, each once; not a copy, so not to be changed. */
    long[] hashes() {
        return hashes;
    }

    /** Takes addresses one after the other. */
    static final class Collector {
        private final SipHash key;
        private long[] hashes = new long[16];
        private int size;

        Collector(SipHash key) {
            this.key = key;
        }

        /** @param mailbox as {@link Mailbox#key()} has it */
        void add(String mailbox) {
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, size * 2);
            }
            hashes[size++] = hash(key, mailbox);
        }

        RecipientSet done() {
            Arrays.sort(hashes, 0, size);
            int distinct = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || hashes[i] != hashes[i - 1]) {
                    hashes[distinct++] = hashes[i];
                }
            }
            return new RecipientSet(key, Arrays.copyOf(hashes, distinct));
        }
    }

    @Override
    public Presence find(Mailbox mailbox) {
        return contains(mailbox) ? Presence.THERE : Presence.NOT_THERE;
    }

    /** Whether the mailbox is a recipient. */
    public boolean contains(Mailbox mailbox) {
        return Arrays.binarySearch(hashes, hash(key, mailbox.key())) >= 0;
    }

    /** The number of recipients. */
    public int size() {
        return hashes.length;
    }

    private static long hash(SipHash key, String mailbox) {
        return key.hash(mailbox.getBytes(StandardCharsets.UTF_8));
    }
}
