package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a destination demands of TLS: by DANE (RFC 7672) where DNSSEC allows it, otherwise by MTA-STS (RFC 8461), which
 * must not soften what DANE says (RFC 8461 section 2).
 */
public final class DestinationTls {
    private static final String PORT = "_25._tcp";

    private final Resolver resolver;
    private final MtaSts sts;

    /** Finds out. @param resolver asked for TLSA records @param sts knows the policies of MTA-STS */
    public DestinationTls(Resolver resolver, MtaSts sts) {
        this.resolver = resolver;
        this.sts = sts;
    }

    /** What a delivery to this host must keep to. @param domain the domain of the recipient @param host one of its mail hosts */
    public TlsRequirement of(DomainName domain, MailHost host) {
        if (host.listed()) {
            for (DnsName base : bases(host)) {
                TlsRequirement dane = dane(domain, host, base);
                if (dane != null) {
                    return dane;
                }
            }
        }
        return bySts(domain, host.name());
    }

    /** Names under which TLSA records may stand: the end of the aliases, then the beginning, as far as validated (RFC 7672 section 2.2.2). */
    private List<DnsName> bases(MailHost host) {
        DnsName name = DnsName.of(host.name());
        if (host.located()) {
            return host.canonical().equals(name) ? List.of(name) : List.of(host.canonical(), name);
        }
        // the addresses are not validated, but perhaps the alias is that leads to them
        boolean alias = !host.canonical().equals(name)
                && resolver.lookUp(name, RecordType.CNAME) instanceof DnsAnswer.Found<?> found
                && found.secure();
        return alias ? List.of(name) : List.of();
    }

    /** What the TLSA records at a base demand; null when there are none. */
    private @Nullable TlsRequirement dane(DomainName domain, MailHost host, DnsName base) {
        DnsName at = base.under(PORT);
        if (at == null) {
            return null;
        }
        return switch (resolver.lookUp(at, RecordType.TLSA)) {
            case DnsAnswer.NoData<DnsRecord.Tlsa> none -> null;
            case DnsAnswer.NoSuchName<DnsRecord.Tlsa> none -> null;
            case DnsAnswer.TemporaryFailure<DnsRecord.Tlsa> failure ->
                // to go on without would be what an attacker wants (RFC 7672 section 2.1.2)
                new TlsRequirement.NotNow(
                        failure.detail(),
                        new TlsFacts(TlsFacts.Type.TLSA, List.of(), base, List.of(), PolicyFailure.DNSSEC_INVALID));
            case DnsAnswer.Found<DnsRecord.Tlsa> found -> found.secure() ? matching(domain, host, base, found) : null;
        };
    }

    private static TlsRequirement matching(
            DomainName domain, MailHost host, DnsName base, DnsAnswer.Found<DnsRecord.Tlsa> found) {
        List<String> texts =
                found.records().stream().map(DnsRecord.Tlsa::toString).toList();
        List<DnsRecord.Tlsa> usable = UsableTlsa.of(found.records());
        if (usable.isEmpty()) {
            return new TlsRequirement.Encrypted(
                    new TlsFacts(TlsFacts.Type.TLSA, texts, base, List.of(), PolicyFailure.TLSA_INVALID));
        }
        Set<DomainName> names = new LinkedHashSet<>(List.of(host.name(), domain));
        DomainName baseName = base.domain();
        if (baseName != null) {
            names.add(baseName);
        }
        return new TlsRequirement.Dane(
                new DaneMatcher(usable, names), new TlsFacts(TlsFacts.Type.TLSA, texts, base, List.of(), null));
    }

    private TlsRequirement bySts(DomainName domain, DomainName host) {
        return switch (sts.of(domain)) {
            case MtaSts.Sts.None none -> new TlsRequirement.Opportunistic(noPolicy(domain, null));
            case MtaSts.Sts.Broken broken -> new TlsRequirement.Opportunistic(noPolicy(domain, broken.failure()));
            case MtaSts.Sts.Known(StsPolicy policy) ->
                switch (policy.mode()) {
                    case NONE -> new TlsRequirement.Opportunistic(noPolicy(domain, null));
                    case TESTING -> new TlsRequirement.Verified(host, false, facts(domain, host, policy));
                    case ENFORCE ->
                        policy.names(host)
                                ? new TlsRequirement.Verified(host, true, facts(domain, host, policy))
                                : new TlsRequirement.NotAllowed(
                                        "the MTA-STS policy of " + domain + " does not name the mail host " + host,
                                        facts(domain, host, policy));
                };
        };
    }

    private static TlsFacts noPolicy(DomainName domain, @Nullable PolicyFailure failure) {
        TlsFacts.Type type = failure == null ? TlsFacts.Type.NONE : TlsFacts.Type.STS;
        return new TlsFacts(type, List.of(), DnsName.of(domain), List.of(), failure);
    }

    private static TlsFacts facts(DomainName domain, DomainName host, StsPolicy policy) {
        List<String> patterns = new ArrayList<>();
        policy.mx().forEach(pattern -> patterns.add(pattern.toString()));
        PolicyFailure failure = policy.names(host) ? null : PolicyFailure.VALIDATION_FAILURE;
        return new TlsFacts(TlsFacts.Type.STS, policy.lines(), DnsName.of(domain), patterns, failure);
    }
}
