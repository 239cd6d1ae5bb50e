/** The way to servers that are nobody's customer: mail exchangers of a domain (RFC 5321 section 5.1), and the TLS it demands. */
@NullMarked
package io.sekisho.gateway.world;

import org.jspecify.annotations.NullMarked;
