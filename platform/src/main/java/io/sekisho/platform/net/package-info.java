/** The only place that opens sockets. */
@NullMarked
package io.sekisho.platform.net;

import org.jspecify.annotations.NullMarked;
