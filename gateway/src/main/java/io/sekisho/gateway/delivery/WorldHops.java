package io.sekisho.gateway.delivery;

import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.gateway.tlsreport.TlsAccount;
import io.sekisho.gateway.tlsreport.TlsObserver;
import io.sekisho.gateway.world.DestinationTls;
import io.sekisho.gateway.world.Exchangers;
import io.sekisho.gateway.world.MailExchangers;
import io.sekisho.gateway.world.MailHost;
import io.sekisho.gateway.world.TlsRequirement;
import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.tls.TlsPolicy;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The servers of domains out in the world: their mail exchangers, address by address, each with the TLS that the domain demands. */
public final class WorldHops implements NextHops {
    private final MailExchangers exchangers;
    private final DestinationTls demands;
    private final TlsObserver observer;
    private final InstantSource clock;
    private final int port;

    /**
     * Looks servers up.
     *
     * @param observer is told what TLS to these servers came to
     * @param clock for certificates that must not be outdated
     * @param port where exchangers listen: 25, but for a pretend internet
     */
    public WorldHops(
            MailExchangers exchangers, DestinationTls demands, TlsObserver observer, InstantSource clock, int port) {
        this.exchangers = exchangers;
        this.demands = demands;
        this.observer = observer;
        this.clock = clock;
        this.port = port;
    }

    @Override
    public Found find(LaneKey lane) {
        String name = lane.to().domain();
        if (name.startsWith("[")) {
            return found(null, exchangers.ofLiteral(name));
        }
        DomainName domain = DomainName.parse(name);
        return domain == null
                ? new Found.Never("5.1.2 " + name + " is not a domain name")
                : found(domain, exchangers.of(domain));
    }

    private Found found(@Nullable DomainName domain, Exchangers where) {
        return switch (where) {
            case Exchangers.Hosts hosts when domain != null -> ways(domain, hosts.hosts());
            case Exchangers.Hosts hosts -> throw new IllegalStateException("an address has no exchangers");
            case Exchangers.Literal literal -> new Found.Hops(List.of(Way.to(hop(literal.address()))));
            case Exchangers.Nowhere nowhere -> new Found.Never(nowhere.status() + " " + nowhere.detail());
            case Exchangers.Unknown unknown -> new Found.Later(unknown.status() + " " + unknown.detail());
        };
    }

    private NextHop hop(InetAddress address) {
        return new NextHop(address.getHostAddress(), port);
    }

    private Found ways(DomainName domain, List<MailHost> hosts) {
        List<Way> ways = new ArrayList<>();
        List<String> barred = new ArrayList<>();
        for (MailHost host : hosts) {
            TlsRequirement requirement = demands.of(domain, host);
            switch (requirement) {
                case TlsRequirement.NotNow notNow -> barred.add(bar(host, notNow, notNow.detail()));
                case TlsRequirement.NotAllowed notAllowed -> barred.add(bar(host, notAllowed, notAllowed.detail()));
                case TlsRequirement.Opportunistic o -> add(ways, host, new TlsPolicy.Opportunistic(), o);
                case TlsRequirement.Encrypted e -> add(ways, host, new TlsPolicy.Required(), e);
                case TlsRequirement.Verified verified -> add(ways, host, verified(verified), verified);
                case TlsRequirement.Dane dane -> add(ways, host, dane(host, dane), dane);
            }
        }
        return ways.isEmpty() ? new Found.Later("4.7.5 " + String.join("; ", barred)) : new Found.Hops(ways);
    }

    /** A host that must not be used: that is counted too. @return why, for people */
    private String bar(MailHost host, TlsRequirement requirement, String detail) {
        TlsAccount.barred(requirement.facts(), host.name().ascii(), observer);
        return detail;
    }

    private void add(List<Way> ways, MailHost host, TlsPolicy policy, TlsRequirement requirement) {
        boolean onlyReported = requirement instanceof TlsRequirement.Verified verified && !verified.mandatory();
        host.addresses()
                .forEach(address -> ways.add(new Way(
                        hop(address),
                        policy,
                        onlyReported,
                        new TlsAccount(requirement.facts(), host.name().ascii(), address, observer))));
    }

    private static TlsPolicy verified(TlsRequirement.Verified verified) {
        return new TlsPolicy.Verified(List.of(verified.host().ascii()));
    }

    private TlsPolicy dane(MailHost host, TlsRequirement.Dane dane) {
        return new TlsPolicy.Dane(List.of(host.name().ascii()), new DaneJudge(dane.matcher(), clock));
    }
}
