package io.sekisho.gateway.policy;

import java.util.UUID;

/**
 * A tenant's settings at one moment. The first accepted recipient of a mail transaction pins it: what changes meanwhile is for
 * the next one.
 *
 * @param tenant whose
 * @param suspended whether its mail is put off for now, by the operator's word
 * @param plusAddressing whether {@code user+anything} is a recipient when {@code user} is one
 * @param rates how much mail is taken for it
 */
public record PolicySnapshot(UUID tenant, boolean suspended, boolean plusAddressing, RateLimits rates) {
    /** The settings of a tenant that has set nothing and has no contract: nothing is limited. */
    public static PolicySnapshot plain(UUID tenant) {
        return new PolicySnapshot(tenant, false, false, RateLimits.NONE);
    }
}
