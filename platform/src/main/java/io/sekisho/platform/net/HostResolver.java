package io.sekisho.platform.net;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host by its name. */
@FunctionalInterface
public interface HostResolver {
    /**
     * The addresses of the host, in the order in which they are to be tried.
     *
     * @return empty or {@link java.net.UnknownHostException} when the name has no address
     * @throws IOException when it cannot be found out now
     */
    List<InetAddress> resolve(String host) throws IOException;

    /** The resolver of the JDK: hosts file and DNS as the system is set up, answers remembered for a while. */
    static HostResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
