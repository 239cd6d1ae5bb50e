package io.sekisho.gateway.policy;

import io.sekisho.gateway.policy.SettingsStore.TenantSettings;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * The settings as they were at one moment.
 *
 * @param confirmed when the database last said that they are these
 * @param key of the hashes of recipients
 * @param tenants all tenants
 * @param lists the domains whose recipients are on disk, each with the checksum of its file
 */
record KnownSettings(Instant confirmed, SipHash key, Map<UUID, TenantSettings> tenants, Map<DomainKey, Integer> lists) {
    /** Copies the lists. */
    KnownSettings {
        lists = Map.copyOf(lists);
    }
}
