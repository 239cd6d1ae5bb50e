/** The DNS by servers of the network: questions and answers as octets by dnsjava, sockets by {@code platform.net}. */
@NullMarked
package io.sekisho.platform.dns;

import org.jspecify.annotations.NullMarked;
