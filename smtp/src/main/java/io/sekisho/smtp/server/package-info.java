/** The receiving side of SMTP: one virtual thread per session, one port ({@link io.sekisho.smtp.server.Receiver}) to whoever takes the mail. */
@NullMarked
package io.sekisho.smtp.server;

import org.jspecify.annotations.NullMarked;
