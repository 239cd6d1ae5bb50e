package io.sekisho.smtp.server;

import io.sekisho.smtp.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * What a session is when a mail transaction begins.
 *
 * @param peer who is connected
 * @param helo the argument of HELO or EHLO as it was given
 * @param extended true after EHLO (with "ESMTP" in trace fields), false after HELO
 * @param tls what protects the session, null when nothing does
 */
public record Hello(
        Peer peer, String helo, boolean extended, @Nullable TlsSession tls) {}
