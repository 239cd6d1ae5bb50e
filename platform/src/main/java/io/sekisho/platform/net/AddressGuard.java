package io.sekisho.platform.net;

import java.net.InetAddress;

/**
 * Says to which addresses a connection may be opened. Every address that a name resolved to is asked about, after
 * resolution and immediately before it is connected, so that a name cannot be changed in between.
 */
@FunctionalInterface
public interface AddressGuard {
    /** Whether a connection to this address may be opened. */
    boolean allows(InetAddress address);
}
