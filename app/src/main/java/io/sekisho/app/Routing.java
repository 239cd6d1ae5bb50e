package io.sekisho.app;

import io.sekisho.app.settings.RouteLine;
import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RecipientSet;
import io.sekisho.gateway.policy.RoutingTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes the gateway's table of the lines of the routes file. */
final class Routing {
    private Routing() {}

    /** @param random keys the hashes of recipients */
    static RoutingTable of(List<RouteLine> lines, RandomGenerator random) {
        return new RoutingTable(lines.stream()
                .map(line -> new DomainRoute(
                        line.domain(),
                        UUID.nameUUIDFromBytes(("tenant " + line.tenant()).getBytes(StandardCharsets.UTF_8)),
                        line.routes().getFirst(),
                        switch (line.recipients()) {
                            case RouteLine.Recipients.Everyone e -> RecipientSet.everyone();
                            case RouteLine.Recipients.Listed listed -> RecipientSet.of(listed.mailboxes(), random);
                        }))
                .toList());
    }
}
