package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.net.HostResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Finds the addresses of hosts in the DNS, those of IPv4 first. */
public final class ResolvedHosts implements HostResolver {
    private final Resolver resolver;

    /** Hosts as the resolver knows them. */
    public ResolvedHosts(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public List<InetAddress> resolve(String host) throws IOException {
        DnsName name = DnsName.parse(host);
        if (name == null) {
            throw new UnknownHostException("not a host name: " + host);
        }
        List<InetAddress> found = new ArrayList<>();
        String trouble = "";
        for (DnsAnswer<? extends DnsRecord.Address> answer :
                List.of(resolver.lookUp(name, RecordType.A), resolver.lookUp(name, RecordType.AAAA))) {
            answer.records().forEach(record -> found.add(record.address()));
            if (answer instanceof DnsAnswer.TemporaryFailure<?> failure) {
                trouble = failure.detail();
            }
        }
        if (found.isEmpty() && !trouble.isEmpty()) {
            throw new IOException(trouble);
        }
        return found;
    }
}
