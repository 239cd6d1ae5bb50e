/** What the gateway may do for whom: which domains are routed, where to, and which recipients exist. */
@NullMarked
package io.sekisho.gateway.policy;

import org.jspecify.annotations.NullMarked;
