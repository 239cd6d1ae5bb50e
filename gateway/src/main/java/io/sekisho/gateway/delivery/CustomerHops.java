package io.sekisho.gateway.delivery;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.Route;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.LaneKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The servers that customers named: by preference, those of equal preference in a random order, so that they share the mail. */
public final class CustomerHops implements NextHops {
    private final Supplier<RoutingTable> routing;
    private final RandomGenerator random;

    /** @param random safe for use by many threads */
    public CustomerHops(Supplier<RoutingTable> routing, RandomGenerator random) {
        this.routing = routing;
        this.random = random;
    }

    @Override
    public Found find(LaneKey lane) {
        DomainRoute domain = routing.get().find(lane.to().domain());
        if (domain == null || !domain.tenant().equals(lane.tenant())) {
            return new Found.Later(
                    "the domain " + lane.to() + " is not routed any more: its mail waits until it is again");
        }
        List<Route> routes = domain.routes();
        if (routes.size() == 1) {
            return new Found.Hops(List.of(Way.to(routes.getFirst().hop())));
        }
        if (routes.isEmpty()) {
            return new Found.Later("the domain " + lane.to() + " has no mail server: name one");
        }
        return new Found.Hops(inOrder(routes));
    }

    private List<Way> inOrder(List<Route> routes) {
        List<Route> shuffled = new ArrayList<>(routes);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Route other = shuffled.get(j);
            shuffled.set(j, shuffled.get(i));
            shuffled.set(i, other);
        }
        shuffled.sort(Comparator.comparingInt(Route::preference));
        return shuffled.stream().map(route -> Way.to(route.hop())).toList();
    }
}
