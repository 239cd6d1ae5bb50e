package io.sekisho.gateway.queue;

import java.time.Instant;

/**
 * A change of a lane's health.
 *
 * @param key which lane
 * @param until no attempt before; {@link Instant#EPOCH} when it is up again
 * @param failures in a row
 */
public record LaneBackoff(LaneKey key, Instant until, int failures) {}
