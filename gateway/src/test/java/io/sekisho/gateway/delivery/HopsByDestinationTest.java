package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sekisho.gateway.delivery.NextHops.Found;
import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.Route;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.client.NextHop;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HopsByDestinationTest {
    private static final UUID HAKONE = new UUID(0, 1);
    private static final UUID ARAI = new UUID(0, 2);
    private static final Way CUSTOMERS = Way.to(new NextHop("mail.hakone.example", 25));
    private static final Way OUTSIDE = Way.to(new NextHop("192.0.2.1", 25));

    private RoutingTable table = new RoutingTable(List.of(
            DomainRoute.everyone(new DomainName("hakone.example"), HAKONE, List.of(new Route(0, CUSTOMERS.hop())))));
    private Found world = new Found.Hops(List.of(OUTSIDE));
    private final HopsByDestination hops =
            new HopsByDestination(() -> table, new CustomerHops(() -> table, new SplittableRandom(1)), lane -> world);

    private Found find(UUID tenant, Destination to) {
        return hops.find(new LaneKey(tenant, to));
    }

    private Found outside(String domain) {
        return find(ARAI, new Destination.World(domain));
    }

    @Test
    void customersMailGoesToTheirServersOnly() {
        assertEquals(new Found.Hops(List.of(CUSTOMERS)), find(HAKONE, new Destination.Customer("hakone.example")));
        assertInstanceOf(Found.Later.class, find(ARAI, new Destination.Customer("hakone.example")));
    }

    @Test
    void theWorldsMailGoesOutUnlessWeRouteTheDomain() {
        assertEquals(new Found.Hops(List.of(OUTSIDE)), outside("sender.example"));
        assertEquals(new Found.Hops(List.of(CUSTOMERS)), outside("hakone.example"), "its MX would lead back here");
    }

    @Test
    void mailForADomainInSetUpWaitsWhenItsMxLeadsHere() {
        table = new RoutingTable(Map.of(), Map.of("arai.example", Set.of(ARAI)));
        assertEquals(new Found.Hops(List.of(OUTSIDE)), outside("arai.example"), "its MX is elsewhere");
        world = new Found.Never("5.4.6 the mail exchangers lead back to this server");
        assertInstanceOf(Found.Later.class, outside("arai.example"));
        assertInstanceOf(Found.Never.class, outside("sender.example"));
    }
}
