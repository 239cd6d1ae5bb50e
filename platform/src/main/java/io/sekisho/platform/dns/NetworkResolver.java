package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.net.DnsSockets;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Looks things up by asking resolvers of the network, and remembers what they said. */
public final class NetworkResolver implements Resolver {
    private final Recursion recursion;
    private final DnsLimits limits;
    private final LongSupplier nanos;
    private final AnswerCache cache;
    private final SharedWork<Question<?>, DnsAnswer<?>> shared = new SharedWork<>();

    /**
     * A resolver with an empty cache.
     *
     * @param servers whom to ask, at least one
     * @param sockets carry questions and answers
     * @param limits bounds
     * @param nanos a clock for durations, in nanoseconds from any origin
     * @param random makes the ids of questions: must not be foreseeable (RFC 5452 section 9.2)
     * @throws IllegalArgumentException when there is no server
     */
    public NetworkResolver(
            List<DnsServer> servers, DnsSockets sockets, DnsLimits limits, LongSupplier nanos, RandomGenerator random) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no DNS server");
        }
        this.recursion = new Recursion(servers, new ServerQuery(sockets, limits, nanos, random), limits, nanos);
        this.limits = limits;
        this.nanos = nanos;
        this.cache = new AnswerCache(limits.remembered(), nanos);
    }

    @Override
    @SuppressWarnings("unchecked") // a question is answered with its own type
    public <R extends DnsRecord> DnsAnswer<R> lookUp(DnsName name, RecordType<R> type) {
        Question<R> question = new Question<>(name, type);
        DnsAnswer<R> known = cache.get(question);
        return known != null ? known : (DnsAnswer<R>) shared.get(question, () -> ask(question));
    }

    private <R extends DnsRecord> DnsAnswer<R> ask(Question<R> question) {
        long by = nanos.getAsLong() + limits.waits().all().toNanos();
        AliasChain<R> chain = new AliasChain<>(question, limits);
        int octets = 0;
        DnsAnswer<R> end = null;
        // ends: each turn follows at least one alias, and they are counted
        while (end == null) {
            switch (recursion.ask(new Question<>(chain.at(), question.type()), by)) {
                case Reply.Said said -> {
                    octets += said.octets();
                    end = chain.read(said);
                }
                case Reply.Failed failed -> end = new DnsAnswer.TemporaryFailure<>(failed.cause(), failed.detail());
            }
        }
        cache.put(question, end, octets);
        return end;
    }
}
