/** Open recipients in the database: lanes, claims, leases, outcomes, the retry schedule. */
@NullMarked
package io.sekisho.gateway.queue;

import org.jspecify.annotations.NullMarked;
