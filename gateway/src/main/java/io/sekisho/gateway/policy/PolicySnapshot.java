package io.sekisho.gateway.policy;

import java.util.UUID;

/**
 * A tenant's settings at one moment. The first accepted recipient of a mail transaction pins it: what changes meanwhile is for
 * the next one.
 *
 * @param tenant whose
 * @param suspended whether its mail is put off for now, by the operator's word
 * @param plusAddressing whether {@code user+anything} is a recipient when {@code user} is one
 */
public record PolicySnapshot(UUID tenant, boolean suspended, boolean plusAddressing) {
    /** The settings of a tenant that has set nothing. */
    public static PolicySnapshot plain(UUID tenant) {
        return new PolicySnapshot(tenant, false, false);
    }
}
