package io.sekisho.platform.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The resolvers that a Unix system uses, from the text of its {@code resolv.conf}. */
public final class ResolvConf {
    private ResolvConf() {}

    /**
     * The name servers that stand there, none of them trusted to validate. Without any it is the one of this machine, as the
     * system's own resolver does it.
     *
     * @param text the file; what cannot be read in it is passed over
     */
    public static List<DnsServer> servers(String text) {
        List<DnsServer> servers = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals("nameserver")) {
                try {
                    InetAddress address = InetAddress.ofLiteral(words[1]);
                    servers.add(new DnsServer(new InetSocketAddress(address, DnsServer.PORT), false));
                } catch (IllegalArgumentException e) {
                    // the system passes it over as well
                }
            }
        }
        return servers.isEmpty()
                ? List.of(new DnsServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), DnsServer.PORT), false))
                : List.copyOf(servers);
    }
}
