/** The sending side of SMTP: kept connections, pipelining, one reply per recipient. */
@NullMarked
package io.sekisho.smtp.client;

import org.jspecify.annotations.NullMarked;
