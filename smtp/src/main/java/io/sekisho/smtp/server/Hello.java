package io.sekisho.smtp.server;

/**
 * What a session is when a mail transaction begins.
 *
 * @param peer who is connected
 * @param helo the argument of HELO or EHLO as it was given
 * @param extended true after EHLO (with "ESMTP" in trace fields), false after HELO
 */
public record Hello(Peer peer, String helo, boolean extended) {}
