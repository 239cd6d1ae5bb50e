/** TLS over any connection (RFC 3207, RFC 8446): identities of servers, policies of clients, and who judges a certificate. */
@NullMarked
package io.sekisho.smtp.tls;

import org.jspecify.annotations.NullMarked;
