package io.sekisho.platform.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvConfTest {
    private static List<InetAddress> addresses(String text) {
        return ResolvConf.servers(text).stream()
                .map(server -> server.address().getAddress())
                .toList();
    }

    @Test
    void nameServersAreRead() {
        String text = """
                # made by hand
                search hakone.example
                nameserver 192.0.2.53
                nameserver\t2001:db8::53
                nameserver ns.example
                nameserver
                options edns0
                """;
        assertEquals(
                List.of(InetAddress.ofLiteral("192.0.2.53"), InetAddress.ofLiteral("2001:db8::53")), addresses(text));
        assertEquals(53, ResolvConf.servers(text).getFirst().address().getPort());
        assertEquals(
                List.of(false, false),
                ResolvConf.servers(text).stream().map(DnsServer::trusted).toList());
    }

    @Test
    void withoutAnyItIsThisMachine() {
        assertEquals(List.of(InetAddress.getLoopbackAddress()), addresses("options edns0\n"));
    }
}
