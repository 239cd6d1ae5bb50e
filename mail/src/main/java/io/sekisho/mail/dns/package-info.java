/** Look-ups in the DNS: names, records, answers, and the ports that find them (RFC 1034, RFC 1035, RFC 2308). No sockets here. */
@NullMarked
package io.sekisho.mail.dns;

import org.jspecify.annotations.NullMarked;
