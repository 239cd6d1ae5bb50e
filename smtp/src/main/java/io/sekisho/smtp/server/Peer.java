package io.sekisho.smtp.server;

import java.net.InetAddress;

/**
 * Who is at the other end of a session.
 *
 * @param address its address
 * @param port its port
 */
public record Peer(InetAddress address, int port) {}
