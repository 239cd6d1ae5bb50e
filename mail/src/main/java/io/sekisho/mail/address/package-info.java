/** Names of places and people in mail: domains, mailboxes, paths, enhanced status codes (RFC 5321, RFC 3463). */
@NullMarked
package io.sekisho.mail.address;

import org.jspecify.annotations.NullMarked;
