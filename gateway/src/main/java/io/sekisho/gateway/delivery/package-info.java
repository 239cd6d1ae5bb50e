/** Handing messages to their next hops. */
@NullMarked
package io.sekisho.gateway.delivery;

import org.jspecify.annotations.NullMarked;
