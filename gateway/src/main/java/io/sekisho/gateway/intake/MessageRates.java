package io.sekisho.gateway.intake;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RateLimit;
import io.sekisho.gateway.policy.RateLimits;
import io.sekisho.gateway.policy.SipHash;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.Reply;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tenants within the rates of their contracts. A recipient that is otherwise taken counts as one message, at RCPT and
 * whatever becomes of the mail transaction: counted at the end of the content, many sessions could all be let in by the same
 * free place, and who says RCPT and RSET for ever would cost us work for nothing. Recipients that are not taken count nowhere.
 *
 * <p>A recipient is its mailbox in the domain that is meant (of a domain alias, the other one), without what stands behind a plus
 * sign, whether or not the tenant has plus-addressing: a bomb for user+1, user+2 and so on ends up in one mailbox. Aliases on
 * the list of recipients are counted by themselves.
 */
public final class MessageRates {
    private static final long SECOND = 1_000_000_000L;
    private static final int NETWORK_OCTETS = 8;

    private final SipHash hash;
    private final LongSupplier nanos;
    private final RateBuckets tenants;
    private final RateBuckets addresses;
    private final RateBuckets recipients;

    /**
     * Nothing is counted yet.
     *
     * @param random keys the hashes, so that nobody can aim at another's count: it must be hard to guess
     * @param nanos nanoseconds of a clock that never goes back
     */
    public MessageRates(RandomGenerator random, LongSupplier nanos, RateBounds bounds) {
        this.hash = new SipHash(random.nextLong(), random.nextLong());
        this.nanos = nanos;
        this.tenants = new RateBuckets(bounds.tenants());
        this.addresses = new RateBuckets(bounds.addresses());
        this.recipients = new RateBuckets(bounds.recipients());
    }

    /** Counts a recipient that is otherwise taken. @return null when it is within all limits; else the reply, and it counts nowhere */
    @Nullable
    Reply count(DomainRoute domain, InetAddress client, Mailbox forwardPath) {
        RateLimits limits = domain.policy().rates();
        if (limits.none()) {
            return null;
        }
        long now = nanos.getAsLong();
        long recipient = recipient(domain, forwardPath);
        long wait = take(recipients, recipient, limits.recipient(), now);
        if (wait > 0) {
            return putOff("for this recipient", limits.recipient(), wait);
        }
        long address = address(domain.tenant(), client);
        wait = take(addresses, address, limits.address(), now);
        if (wait > 0) {
            giveBack(recipients, recipient, limits.recipient());
            return putOff("from your address to the owner of this domain", limits.address(), wait);
        }
        wait = take(tenants, hash.hash(octets(domain.tenant(), 0).array()), limits.tenant(), now);
        if (wait > 0) {
            giveBack(recipients, recipient, limits.recipient());
            giveBack(addresses, address, limits.address());
            return putOff("for the owner of this domain", limits.tenant(), wait);
        }
        return null;
    }

    private static long take(RateBuckets buckets, long key, RateLimit limit, long now) {
        return switch (limit) {
            case RateLimit.None n -> 0;
            case RateLimit.PerMinute(int messages) -> buckets.take(key, messages, now);
        };
    }

    private static void giveBack(RateBuckets buckets, long key, RateLimit limit) {
        if (limit instanceof RateLimit.PerMinute(int messages)) {
            buckets.giveBack(key, messages);
        }
    }

    private static Reply putOff(String whose, RateLimit limit, long wait) {
        long seconds = (wait + SECOND - 1) / SECOND;
        return Reply.of(
                450,
                "4.7.1",
                "too many messages " + whose + ": " + limit + " a minute, try again in " + seconds + " s");
    }

    private long recipient(DomainRoute domain, Mailbox forwardPath) {
        int plus = forwardPath.localPart().indexOf('+');
        String local =
                plus < 1 ? forwardPath.localPart() : forwardPath.localPart().substring(0, plus);
        byte[] key = new Mailbox(local, domain.domain().ascii()).key().getBytes(StandardCharsets.UTF_8);
        return hash.hash(octets(domain.tenant(), key.length).put(key).array());
    }

    private long address(UUID tenant, InetAddress client) {
        byte[] address = client.getAddress();
        int length = Math.min(address.length, NETWORK_OCTETS);
        return hash.hash(octets(tenant, length).put(address, 0, length).array());
    }

    private static ByteBuffer octets(UUID tenant, int more) {
        return ByteBuffer.allocate(16 + more)
                .putLong(tenant.getMostSignificantBits())
                .putLong(tenant.getLeastSignificantBits());
    }
}
