/** What TLS to mail servers of the world came to, kept for TLS reports (RFC 8460 section 4). */
@NullMarked
package io.sekisho.gateway.tlsreport;

import org.jspecify.annotations.NullMarked;
