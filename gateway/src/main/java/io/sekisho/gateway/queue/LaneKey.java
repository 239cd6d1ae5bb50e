package io.sekisho.gateway.queue;

import io.sekisho.smtp.client.NextHop;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a lane is known by: one tenant's mail to one next hop.
 *
 * @param tenant whose mail
 * @param hop where to
 */
public record LaneKey(UUID tenant, NextHop hop) {
    /** The lane's id in the database, the same on every node. */
    public UUID id() {
        return UUID.nameUUIDFromBytes((tenant + "/" + hop.host() + "/" + hop.port()).getBytes(StandardCharsets.UTF_8));
    }
}
