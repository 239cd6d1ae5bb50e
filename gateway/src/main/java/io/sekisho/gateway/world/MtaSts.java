package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.dns.SharedWork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Finds the MTA-STS policies of domains (RFC 8461). A policy that is kept holds until it runs out, whatever goes wrong meanwhile. */
public final class MtaSts {
    private final Resolver resolver;
    private final PolicyFetcher fetcher;
    private final PolicyCache cache;
    private final StsLimits limits;
    private final InstantSource clock;
    private final SharedWork<DomainName, Sts> shared = new SharedWork<>();
    private final RecentlyUsed<DomainName, FailedFetch> failures;

    private record FailedFetch(String id, Instant at, Sts.Broken broken) {}

    /** What is known of a domain's policy. */
    sealed interface Sts {
        /** It has none. */
        record None() implements Sts {}

        /** It has this one. */
        record Known(StsPolicy policy) implements Sts {}

        /** It announces one that could not be had, and none is kept: mail goes as if there were none (RFC 8461 section 5.1). */
        record Broken(PolicyFailure failure, String detail) implements Sts {}
    }

    /**
     * Finds policies.
     *
     * @param resolver says whether there is a policy, and which version
     * @param fetcher fetches it
     * @param cache keeps it
     * @param limits bounds
     * @param clock the time
     */
    public MtaSts(Resolver resolver, PolicyFetcher fetcher, PolicyCache cache, StsLimits limits, InstantSource clock) {
        this.resolver = resolver;
        this.fetcher = fetcher;
        this.cache = cache;
        this.limits = limits;
        this.clock = clock;
        this.failures = new RecentlyUsed<>(limits.failures());
    }

    Sts of(DomainName domain) {
        PolicyCache.Kept kept = kept(domain);
        String id = announced(domain);
        if (id == null) {
            // no word is no news: the policy holds until it runs out
            return kept == null ? new Sts.None() : new Sts.Known(kept.policy());
        }
        if (kept != null && kept.id().equals(id) && !stale(kept)) {
            return new Sts.Known(kept.policy());
        }
        return shared.get(domain, () -> renewed(domain, id));
    }

    private PolicyCache.@Nullable Kept kept(DomainName domain) {
        PolicyCache.Kept kept = cache.get(domain);
        return kept != null && kept.holdsAt(clock.instant()) ? kept : null;
    }

    private @Nullable String announced(DomainName domain) {
        DnsName name = DnsName.of(domain).under("_mta-sts");
        return name != null && resolver.lookUp(name, RecordType.TXT) instanceof DnsAnswer.Found<DnsRecord.Txt> found
                ? StsText.id(found.records())
                : null;
    }

    /** Whether it is to be fetched again although it has not changed: after a day, or half its life if that is shorter. */
    private boolean stale(PolicyCache.Kept kept) {
        Duration half = kept.policy().maxAge().dividedBy(2);
        Duration age = Duration.between(kept.fetchedAt(), clock.instant());
        return age.compareTo(limits.refresh()) >= 0 || age.compareTo(half) >= 0;
    }

    private Sts renewed(DomainName domain, String id) {
        Instant now = clock.instant();
        PolicyCache.Kept kept = kept(domain);
        if (kept != null && kept.id().equals(id) && !stale(kept)) {
            // another thread was faster
            return new Sts.Known(kept.policy());
        }
        FailedFetch before = failures.get(domain);
        if (before != null && before.id().equals(id) && now.isBefore(before.at().plus(limits.again()))) {
            return kept == null ? before.broken() : new Sts.Known(kept.policy());
        }
        Sts fetched = fetched(domain, id, now);
        if (!(fetched instanceof Sts.Broken broken)) {
            failures.remove(domain);
            return fetched;
        }
        failures.put(domain, new FailedFetch(id, now, broken));
        return kept == null ? broken : new Sts.Known(kept.policy());
    }

    private Sts fetched(DomainName domain, String id, Instant now) {
        return switch (fetcher.fetch(domain)) {
            case PolicyFetcher.Fetched.Failed failed -> new Sts.Broken(failed.failure(), failed.detail());
            case PolicyFetcher.Fetched.Text text ->
                switch (StsText.policy(text.text(), limits.longestAge())) {
                    case StsText.Read.Invalid(String reason) ->
                        new Sts.Broken(PolicyFailure.STS_POLICY_INVALID, "the policy of " + domain + ": " + reason);
                    case StsText.Read.Policy(StsPolicy policy) -> {
                        cache.put(domain, new PolicyCache.Kept(id, policy, now));
                        yield new Sts.Known(policy);
                    }
                };
        };
    }
}
