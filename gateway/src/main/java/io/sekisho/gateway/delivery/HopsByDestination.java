package io.sekisho.gateway.delivery;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.Destination;
import io.sekisho.gateway.queue.LaneKey;
import java.util.function.Supplier;

/**
 * The servers of any destination. A domain of the world may be one that we route ourselves, or will: its MX leads here then, and
 * the customer's own servers get its mail.
 */
public final class HopsByDestination implements NextHops {
    private final Supplier<RoutingTable> routing;
    private final NextHops customers;
    private final NextHops world;

    /** Servers of customers and of the world. */
    public HopsByDestination(Supplier<RoutingTable> routing, NextHops customers, NextHops world) {
        this.routing = routing;
        this.customers = customers;
        this.world = world;
    }

    @Override
    public Found find(LaneKey lane) {
        return switch (lane.to()) {
            case Destination.Customer customer -> customers.find(lane);
            case Destination.World(String domain) -> outside(lane, domain);
        };
    }

    private Found outside(LaneKey lane, String domain) {
        RoutingTable table = routing.get();
        DomainRoute here = table.find(domain);
        if (here != null) {
            return customers.find(new LaneKey(here.tenant(), here.destination()));
        }
        if (!table.complete()) {
            return new Found.Later("4.3.0 the settings are not read yet, so that it is not known whether " + domain
                    + " is routed here");
        }
        Found found = world.find(lane);
        return found instanceof Found.Never never && table.inSetUp(domain)
                ? new Found.Later("4.4.6 " + domain + " is in set-up here, its mail waits: " + never.detail())
                : found;
    }
}
