package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.net.AddressGuard;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** Finds the hosts that take a domain's mail, as RFC 5321 section 5.1 says. May be used by many threads. */
public final class MailExchangers {
    private static final EnhancedStatus NO_SUCH_DOMAIN = new EnhancedStatus(5, 1, 2);
    private static final EnhancedStatus TAKES_NO_MAIL = new EnhancedStatus(5, 1, 10);
    private static final EnhancedStatus NO_WAY = new EnhancedStatus(5, 4, 4);
    private static final EnhancedStatus LOOP = new EnhancedStatus(5, 4, 6);
    private static final EnhancedStatus DNS_FAILURE = new EnhancedStatus(4, 4, 3);

    private final Resolver resolver;
    private final AddressGuard guard;
    private final OwnHosts own;
    private final IpVersions versions;
    private final WorldLimits limits;
    private final RandomGenerator random;

    /** A mail exchanger and its place among those of equal preference. */
    private record Candidate(DomainName host, int preference, long lot) {}

    /**
     * Finds mail exchangers.
     *
     * @param resolver asked for everything
     * @param guard asked about every address
     * @param own mail is never sent to ourselves
     * @param versions which addresses are wanted
     * @param limits bounds
     * @param random decides the order among exchangers of equal preference; used by many threads
     */
    public MailExchangers(
            Resolver resolver,
            AddressGuard guard,
            OwnHosts own,
            IpVersions versions,
            WorldLimits limits,
            RandomGenerator random) {
        this.resolver = resolver;
        this.guard = guard;
        this.own = own;
        this.versions = versions;
        this.limits = limits;
        this.random = random;
    }

    /** Where mail for this domain goes; hosts of equal preference come in another order each time. */
    public Exchangers of(DomainName domain) {
        return switch (resolver.lookUp(DnsName.of(domain), RecordType.MX)) {
            case DnsAnswer.Found<DnsRecord.Mx> found -> listed(domain, found);
            case DnsAnswer.NoData<DnsRecord.Mx> none ->
                // the domain is its own exchanger
                reachable(domain, List.of(new Candidate(domain, 0, 0)), none.secure());
            case DnsAnswer.NoSuchName<DnsRecord.Mx> none ->
                new Exchangers.Nowhere(NO_SUCH_DOMAIN, "there is no domain " + none.owner());
            case DnsAnswer.TemporaryFailure<DnsRecord.Mx> failure ->
                new Exchangers.Unknown(DNS_FAILURE, failure.detail());
        };
    }

    /** Where mail for an address literal goes. @param literal as in a mailbox, with its brackets, such as {@code [192.0.2.1]} */
    public Exchangers ofLiteral(String literal) {
        String inner =
                literal.startsWith("[") && literal.endsWith("]") ? literal.substring(1, literal.length() - 1) : literal;
        String text = inner.toLowerCase(Locale.ROOT).startsWith("ipv6:") ? inner.substring(5) : inner;
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return new Exchangers.Nowhere(NO_SUCH_DOMAIN, "not an address: " + literal);
        }
        if (own.addresses().contains(address)) {
            return new Exchangers.Nowhere(LOOP, literal + " is this server");
        }
        return guard.allows(address)
                ? new Exchangers.Literal(address)
                : new Exchangers.Nowhere(NO_WAY, "connections to " + address.getHostAddress() + " are not allowed");
    }

    private Exchangers listed(DomainName domain, DnsAnswer.Found<DnsRecord.Mx> found) {
        if (found.records().stream().allMatch(mx -> mx.exchange().isRoot())) {
            return new Exchangers.Nowhere(TAKES_NO_MAIL, domain + " takes no mail (null MX)");
        }
        List<Candidate> candidates = new ArrayList<>();
        for (DnsRecord.Mx mx : found.records()) {
            DomainName host = mx.exchange().domain();
            if (host == null) {
                continue;
            }
            candidates.add(new Candidate(host, mx.preference(), random.nextLong()));
        }
        Set<DomainName> seen = new HashSet<>();
        List<Candidate> order = candidates.stream()
                .sorted(Comparator.comparingInt(Candidate::preference).thenComparingLong(Candidate::lot))
                .filter(candidate -> seen.add(candidate.host()))
                .limit(limits.exchangers())
                .toList();
        return reachable(domain, order, found.secure());
    }

    /** Looks up the addresses, and cuts the list where we are on it ourselves: there, and at equal preference, and behind. */
    private Exchangers reachable(DomainName domain, List<Candidate> order, boolean listed) {
        List<MailHost> hosts = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        String failure = null;
        int left = limits.addresses();
        boolean loop = false;
        List<HostAddresses> found = addresses(order);
        for (int i = 0; i < order.size(); i++) {
            Candidate candidate = order.get(i);
            HostAddresses addresses = found.get(i);
            if (ours(candidate.host()) || addresses.all().stream().anyMatch(own.addresses()::contains)) {
                loop = true;
                hosts.removeIf(host -> host.preference() >= candidate.preference());
                break;
            }
            List<InetAddress> usable = addresses.all().stream()
                    .filter(guard::allows)
                    .limit(Math.min(left, limits.addressesPerHost()))
                    .toList();
            // half of an answer is enough, unless the other half may be what an attacker keeps from us (RFC 7672
            // section 2.2)
            String trouble = addresses.failure();
            if (trouble != null && (listed || usable.isEmpty())) {
                failure = trouble;
            } else if (usable.isEmpty()) {
                troubles.add(without(candidate.host(), addresses, left));
            } else {
                left -= usable.size();
                DnsName canonical = addresses.canonical(DnsName.of(candidate.host()));
                hosts.add(new MailHost(
                        candidate.host(), candidate.preference(), usable, canonical, listed, addresses.secure()));
            }
        }
        if (!hosts.isEmpty()) {
            return new Exchangers.Hosts(hosts);
        }
        if (failure != null) {
            return new Exchangers.Unknown(DNS_FAILURE, failure);
        }
        if (loop && troubles.isEmpty()) {
            return new Exchangers.Nowhere(LOOP, "the mail exchangers of " + domain + " lead back to this server");
        }
        return new Exchangers.Nowhere(
                NO_WAY,
                troubles.isEmpty()
                        ? "no mail exchanger of " + domain + " has a host name"
                        : domain + ": " + String.join("; ", troubles));
    }

    private boolean ours(DomainName host) {
        return own.names().contains(host);
    }

    private static String without(DomainName host, HostAddresses addresses, int left) {
        if (left == 0) {
            return "too many addresses before " + host;
        }
        return addresses.all().isEmpty()
                ? "mail host " + host + " has no address"
                : "mail host " + host + " has the address "
                        + addresses.all().getFirst().getHostAddress() + ", to which connections are not allowed";
    }

    private List<HostAddresses> addresses(List<Candidate> order) {
        List<Future<HostAddresses>> pending = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Candidate candidate : order) {
                DnsName host = DnsName.of(candidate.host());
                pending.add(threads.submit(() -> new HostAddresses(
                        versions.four() ? resolver.lookUp(host, RecordType.A) : null,
                        versions.six() ? resolver.lookUp(host, RecordType.AAAA) : null)));
            }
        }
        return pending.stream().map(Future::resultNow).toList();
    }
}
