package io.sekisho.gateway.queue;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a lane is known by: one tenant's mail to one destination.
 *
 * @param tenant whose mail
 * @param to where to
 */
public record LaneKey(UUID tenant, Destination to) {
    /** The lane's id in the database, the same on every node. */
    public UUID id() {
        return UUID.nameUUIDFromBytes((tenant + "/" + to.kind() + "/" + to.domain()).getBytes(StandardCharsets.UTF_8));
    }
}
