/** The words of SMTP that server and client share: reply and remote reply (RFC 5321 section 4.2). */
@NullMarked
package io.sekisho.smtp;

import org.jspecify.annotations.NullMarked;
