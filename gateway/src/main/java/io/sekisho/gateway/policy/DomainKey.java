package io.sekisho.gateway.policy;

import java.util.UUID;

/** A domain of a tenant. @param name in lower case, of A-labels */
record DomainKey(UUID tenant, String name) {}
