package io.sekisho.platform.dns;

import io.sekisho.mail.dns.AuthoritativeAnswer;
import io.sekisho.mail.dns.AuthoritativeResolver;
import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsAnswer.Cause;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.net.AddressGuard;
import io.sekisho.platform.net.DnsSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;

/** Asks the name servers of a zone themselves. They are found by a resolver; what they say is not remembered. */
public final class ZoneServers implements AuthoritativeResolver {
    private final Resolver resolver;
    private final ServerQuery query;
    private final AddressGuard guard;
    private final DnsLimits limits;
    private final LongSupplier nanos;
    private final int port;

    /**
     * Asks name servers.
     *
     * @param resolver finds zones, name servers and their addresses
     * @param sockets carry questions and answers
     * @param guard asked about every address of a name server: anybody can put any address into a zone
     * @param limits bounds
     * @param nanos a clock for durations, in nanoseconds from any origin
     * @param random makes the ids of questions
     * @param port of the name servers, by rule {@link DnsServer#PORT}
     */
    public ZoneServers(
            Resolver resolver,
            DnsSockets sockets,
            AddressGuard guard,
            DnsLimits limits,
            LongSupplier nanos,
            RandomGenerator random,
            int port) {
        this.resolver = resolver;
        this.query = new ServerQuery(sockets, limits, nanos, random);
        this.guard = guard;
        this.limits = limits;
        this.nanos = nanos;
        this.port = port;
    }

    @Override
    public <R extends DnsRecord> AuthoritativeAnswer<R> authoritative(DnsName name, RecordType<R> type) {
        DnsName zone = name;
        for (int cut = 0; cut <= limits.authority().cuts() && !zone.isRoot(); cut++) {
            switch (resolver.lookUp(zone, RecordType.NS)) {
                case DnsAnswer.Found<DnsRecord.Ns> found -> {
                    if (found.owner().equals(zone)) {
                        return asked(zone, found.records(), new Question<>(name, type));
                    }
                }
                case DnsAnswer.NoData<DnsRecord.Ns> none -> {}
                case DnsAnswer.NoSuchName<DnsRecord.Ns> none -> {}
                case DnsAnswer.TemporaryFailure<DnsRecord.Ns> failure -> {
                    return new AuthoritativeAnswer.NobodyToAsk<>(failure.detail());
                }
            }
            zone = zone.parent();
        }
        return new AuthoritativeAnswer.NobodyToAsk<>("no zone was found that " + name + " is in");
    }

    private <R extends DnsRecord> AuthoritativeAnswer<R> asked(
            DnsName zone, List<DnsRecord.Ns> servers, Question<R> question) {
        List<DnsName> hosts = servers.stream()
                .map(DnsRecord.Ns::host)
                .distinct()
                .sorted()
                .limit(limits.authority().servers())
                .toList();
        List<Future<AuthoritativeAnswer.Said<R>>> pending = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (DnsName host : hosts) {
                pending.add(threads.submit(() -> ask(host, question)));
            }
        }
        return new AuthoritativeAnswer.Asked<>(
                zone, pending.stream().map(Future::resultNow).toList());
    }

    private <R extends DnsRecord> AuthoritativeAnswer.Said<R> ask(DnsName host, Question<R> question) {
        DnsAnswer<DnsRecord.A> v4 = resolver.lookUp(host, RecordType.A);
        DnsAnswer<DnsRecord.Aaaa> v6 = resolver.lookUp(host, RecordType.AAAA);
        List<InetAddress> found = Stream.concat(v4.records().stream(), v6.records().stream())
                .map(DnsRecord.Address::address)
                .toList();
        List<InetAddress> allowed = found.stream()
                .filter(guard::allows)
                .limit(limits.authority().addresses())
                .toList();
        AuthoritativeAnswer.Said<R> last = found.isEmpty()
                ? failed(host, null, Cause.NO_ANSWER, "the name server " + host + " has no address")
                : failed(
                        host,
                        null,
                        Cause.NOT_ALLOWED,
                        "the name server " + host + " has the address "
                                + found.getFirst().getHostAddress() + ", which is not allowed");
        for (InetAddress address : allowed) {
            last = ask(host, address, question);
            if (!(last.answer() instanceof DnsAnswer.TemporaryFailure)) {
                break;
            }
        }
        return last;
    }

    private <R extends DnsRecord> AuthoritativeAnswer.Said<R> ask(
            DnsName host, InetAddress address, Question<R> question) {
        InetSocketAddress server = new InetSocketAddress(address, port);
        long by = nanos.getAsLong() + limits.waits().all().toNanos();
        Reply reply = query.ask(server, question, false, by);
        if (reply instanceof Reply.Said said) {
            reply = AnswerCode.check(said, server, question);
        }
        return switch (reply) {
            case Reply.Failed failed -> failed(host, address, failed.cause(), failed.detail());
            case Reply.Said said -> {
                if (!said.message().getHeader().getFlag(Flags.AA)) {
                    yield failed(host, address, Cause.REFUSED, host + " does not serve the zone of " + question.name());
                }
                AliasChain<R> chain = new AliasChain<>(question, limits);
                DnsAnswer<R> end = chain.read(new Reply.Said(said.message(), said.octets(), false));
                // an alias that leads out of the zone: the rest of the way is for others to say
                yield new AuthoritativeAnswer.Said<>(
                        host, address, end != null ? end : resolver.lookUp(chain.at(), question.type()));
            }
        };
    }

    private static <R extends DnsRecord> AuthoritativeAnswer.Said<R> failed(
            DnsName host, @Nullable InetAddress address, Cause cause, String detail) {
        return new AuthoritativeAnswer.Said<>(host, address, new DnsAnswer.TemporaryFailure<>(cause, detail));
    }
}
