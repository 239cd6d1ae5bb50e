package io.sekisho.app.settings;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RecipientSet;
import io.sekisho.gateway.policy.Route;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.smtp.client.NextHop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Makes the gateway's table of the lines of the routes file. Who runs the service vouches for the servers that stand there. */
public final class Routing {
    private Routing() {}

    /** The table. @param random keys the hashes of recipients */
    public static RoutingTable of(List<RouteLine> lines, RandomGenerator random) {
        return new RoutingTable(lines.stream().map(line -> domain(line, random)).toList());
    }

    private static DomainRoute domain(RouteLine line, RandomGenerator random) {
        UUID tenant = tenant(line.tenant());
        return switch (line.recipients()) {
            case RouteLine.Recipients.Everyone e -> DomainRoute.everyone(line.domain(), tenant, inOrder(line.routes()));
            case RouteLine.Recipients.Listed listed ->
                DomainRoute.listed(
                        line.domain(), tenant, inOrder(line.routes()), RecipientSet.of(listed.mailboxes(), random));
        };
    }

    /** The id of a tenant that only the routes file knows. */
    public static UUID tenant(String name) {
        return UUID.nameUUIDFromBytes(("tenant " + name).getBytes(StandardCharsets.UTF_8));
    }

    /** The servers of a line: each is asked when those before it cannot be reached. */
    public static List<Route> inOrder(List<NextHop> hops) {
        return IntStream.range(0, hops.size())
                .mapToObj(i -> new Route(i, vouched(hops.get(i))))
                .toList();
    }

    private static NextHop vouched(NextHop hop) {
        return new NextHop(hop.host(), hop.port(), true);
    }
}
