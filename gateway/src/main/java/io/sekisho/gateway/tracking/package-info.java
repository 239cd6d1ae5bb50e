/** What happened to each message, as events. */
@NullMarked
package io.sekisho.gateway.tracking;

import org.jspecify.annotations.NullMarked;
