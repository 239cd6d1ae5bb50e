package io.sekisho.gateway.world;

import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the DNS says about the addresses of a host.
 *
 * @param four the answer for IPv4; null when it was not asked for
 * @param six the answer for IPv6; null when it was not asked for
 */
record HostAddresses(
        @Nullable DnsAnswer<DnsRecord.A> four, @Nullable DnsAnswer<DnsRecord.Aaaa> six) {
    /** All addresses, of the versions in turn, beginning with IPv6. */
    List<InetAddress> all() {
        Set<InetAddress> mixed = new LinkedHashSet<>();
        Iterator<InetAddress> fours = addresses(four).iterator();
        Iterator<InetAddress> sixes = addresses(six).iterator();
        while (fours.hasNext() || sixes.hasNext()) {
            if (sixes.hasNext()) {
                mixed.add(sixes.next());
            }
            if (fours.hasNext()) {
                mixed.add(fours.next());
            }
        }
        return List.copyOf(mixed);
    }

    private static List<InetAddress> addresses(@Nullable DnsAnswer<? extends DnsRecord.Address> answer) {
        return answer == null
                ? List.of()
                : answer.records().stream().map(DnsRecord.Address::address).toList();
    }

    /** Whether all that was asked for is validated. A look-up that failed is not. */
    boolean secure() {
        return answers().allMatch(DnsAnswer::secure);
    }

    /** Why not everything could be found out; null when it could. */
    @Nullable
    String failure() {
        return answers()
                .map(answer -> answer instanceof DnsAnswer.TemporaryFailure<?> failure ? failure.detail() : null)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The name that has the addresses, if it is said; otherwise the one given. */
    DnsName canonical(DnsName otherwise) {
        Collection<DnsName> owners = new ArrayList<>();
        answers().forEach(answer -> {
            if (answer instanceof DnsAnswer.Found<?> found) {
                owners.add(found.owner());
            }
        });
        return owners.isEmpty() ? otherwise : owners.iterator().next();
    }

    private Stream<DnsAnswer<?>> answers() {
        return Stream.<@Nullable DnsAnswer<?>>of(four, six)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull);
    }
}
