package io.sekisho.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.PolicySnapshot;
import io.sekisho.gateway.policy.RateLimit;
import io.sekisho.gateway.policy.RateLimits;
import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.gateway.policy.Recipients.Presence;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.Reply;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What counts as what. */
class MessageRatesTest {
    private static final UUID HAKONE = new UUID(0, 1);
    private static final UUID ARAI = new UUID(0, 2);
    private static final RateLimit NONE = new RateLimit.None();
    private static final String ALICE = "192.0.2.1";

    private long now = Long.MAX_VALUE - 5;
    private final MessageRates rates = new MessageRates(new SplittableRandom(1), () -> now, RateBounds.DEFAULT);

    private static RateLimit limit(int messages) {
        return new RateLimit.PerMinute(messages);
    }

    private static DomainRoute domain(UUID tenant, RateLimits limits) {
        return new DomainRoute(
                new DomainName("hakone.example"),
                new PolicySnapshot(tenant, false, false, limits),
                List.of(),
                RecipientMode.LISTED,
                null,
                mailbox -> Presence.THERE);
    }

    private @Nullable Reply count(DomainRoute domain, String client, String localPart, String at) {
        return rates.count(domain, InetAddress.ofLiteral(client), new Mailbox(localPart, at));
    }

    private @Nullable Reply count(DomainRoute domain, String client, String localPart) {
        return count(domain, client, localPart, "hakone.example");
    }

    @Test
    void withoutALimitNothingIsCounted() {
        DomainRoute domain = domain(HAKONE, RateLimits.NONE);
        for (int i = 0; i < 100_000; i++) {
            assertNull(count(domain, ALICE, "hanako"));
        }
        DomainRoute plain = DomainRoute.everyone(new DomainName("hakone.example"), HAKONE, List.of());
        assertEquals(RateLimits.NONE, plain.policy().rates());
    }

    @Test
    void aBombForManySpellingsOfAMailboxIsForOneRecipient() {
        DomainRoute domain = domain(HAKONE, new RateLimits(NONE, NONE, limit(4)));
        assertNull(count(domain, ALICE, "hanako"));
        assertNull(count(domain, "192.0.2.2", "HANAKO+1"));
        assertNull(count(domain, "192.0.2.3", "hanako+2+3"));
        assertNull(count(domain, "192.0.2.4", "Hanako", "alias.example"));
        assertNotNull(count(domain, "192.0.2.5", "hanako+5"));
        assertNotNull(count(domain, "192.0.2.6", "hanako", "xn--r8jz45g.example"));
        assertNull(count(domain, ALICE, "+hanako"));
        assertNull(count(domain, ALICE, "taro"));
    }

    @Test
    void oneTenantsStormPutsNobodyElsesMailOff() {
        RateLimits limits = new RateLimits(limit(3), limit(2), NONE);
        assertNull(count(domain(HAKONE, limits), ALICE, "hanako"));
        assertNull(count(domain(HAKONE, limits), ALICE, "taro"));
        assertEquals(
                "450 4.7.1 too many messages from your address to the owner of this domain: 2 a minute, try again in 30 s",
                String.valueOf(count(domain(HAKONE, limits), ALICE, "jiro")));
        assertNull(count(domain(ARAI, limits), ALICE, "hanako"));
        assertNull(count(domain(HAKONE, limits), "192.0.2.2", "hanako"));
        assertEquals(
                "450 4.7.1 too many messages for the owner of this domain: 3 a minute, try again in 20 s",
                String.valueOf(count(domain(HAKONE, limits), "192.0.2.3", "hanako")));
        assertNull(count(domain(ARAI, limits), "192.0.2.3", "hanako"));
    }

    @Test
    void whatOneLimitPutsOffCountsForNoOther() {
        DomainRoute narrow = domain(HAKONE, new RateLimits(limit(1), limit(2), limit(2)));
        assertNull(count(narrow, ALICE, "hanako"));
        for (int i = 0; i < 10; i++) {
            assertNotNull(count(narrow, ALICE, "hanako"));
        }
        DomainRoute wide = domain(HAKONE, new RateLimits(NONE, limit(2), limit(2)));
        assertNull(count(wide, ALICE, "hanako"), "one message was taken before, not eleven");
        assertNotNull(count(wide, ALICE, "hanako"));
        DomainRoute address = domain(HAKONE, new RateLimits(NONE, limit(2), NONE));
        assertNotNull(count(address, ALICE, "hanako"));
        DomainRoute other = domain(HAKONE, new RateLimits(NONE, limit(2), limit(2)));
        assertNotNull(count(other, ALICE, "taro"));
        assertNull(count(other, "192.0.2.2", "taro"));
        assertNull(count(other, "192.0.2.2", "taro"));
    }

    @Test
    void anIpv6NetworkOf64BitsIsOneAddress() {
        DomainRoute domain = domain(HAKONE, new RateLimits(NONE, limit(2), NONE));
        assertNull(count(domain, "2001:db8:0:1::1", "hanako"));
        assertNull(count(domain, "2001:db8:0:1:ffff::2", "hanako"));
        assertNotNull(count(domain, "2001:db8:0:1::3", "hanako"));
        assertNull(count(domain, "2001:db8:0:2::1", "hanako"));
        assertNull(count(domain, "192.0.2.1", "hanako"));
        assertNull(count(domain, "192.0.2.2", "hanako"));
    }

    @Test
    void afterTheTimeThatIsSaidItIsTakenAgain() {
        DomainRoute domain = domain(HAKONE, new RateLimits(NONE, NONE, limit(4)));
        for (int i = 0; i < 4; i++) {
            assertNull(count(domain, ALICE, "hanako"));
        }
        now += Duration.ofSeconds(3).toNanos();
        assertEquals(
                "450 4.7.1 too many messages for this recipient: 4 a minute, try again in 12 s",
                String.valueOf(count(domain, ALICE, "hanako")));
        now += Duration.ofMillis(11_500).toNanos();
        assertEquals(
                "450 4.7.1 too many messages for this recipient: 4 a minute, try again in 1 s",
                String.valueOf(count(domain, ALICE, "hanako")));
        now += Duration.ofMillis(500).toNanos();
        assertNull(count(domain, ALICE, "hanako"));
        assertNotNull(count(domain, ALICE, "hanako"));
    }
}
