/** DKIM for the mail we write ourselves (RFC 6376): its keys in the database, their rotation, and the signatures. */
@NullMarked
package io.sekisho.gateway.signing;

import org.jspecify.annotations.NullMarked;
