/** The words of SMTP that server and client share: replies, paths (RFC 5321), what is asked about notices (RFC 3461). */
@NullMarked
package io.sekisho.smtp;

import org.jspecify.annotations.NullMarked;
