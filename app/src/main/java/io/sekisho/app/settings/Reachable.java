package io.sekisho.app.settings;

import io.sekisho.platform.dns.DnsServer;
import io.sekisho.platform.net.AddressRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings about the world outside, as people write them. */
final class Reachable {
    private static final int MAX = 100;

    private Reachable() {}

    /** DNS servers: addresses with or without a port, between commas. */
    static Value<List<InetSocketAddress>> servers(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String one : FullWidth.fold(text).split(",", -1)) {
            switch (Names.address(one.strip(), DnsServer.PORT)) {
                case Value.Good<InetSocketAddress>(InetSocketAddress server) -> servers.add(server);
                case Value.Bad<InetSocketAddress>(String why) -> {
                    return new Value.Bad<>(why);
                }
            }
        }
        return bounded(servers);
    }

    /** Ranges of addresses, between commas. */
    static Value<List<AddressRange>> ranges(String text) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String one : FullWidth.fold(text).split(",", -1)) {
            AddressRange range = AddressRange.parse(one.strip());
            if (range == null) {
                return new Value.Bad<>("must be ranges such as 10.0.0.0/8 or 2001:db8::/32, without any bit set behind"
                        + " the shared ones, not \"" + one.strip() + "\"");
            }
            ranges.add(range);
        }
        return bounded(ranges);
    }

    private static <T> Value<List<T>> bounded(List<T> some) {
        return some.size() > MAX
                ? new Value.Bad<>("has more than " + MAX + " entries")
                : new Value.Good<>(List.copyOf(some));
    }

    /** A PEM file of certificates. */
    static Value<Optional<Path>> roots(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509")
                            .generateCertificates(in)
                            .isEmpty()
                    ? new Value.Bad<>("must be a PEM file of certificates; there is none in " + file)
                    : new Value.Good<>(Optional.of(file));
        } catch (CertificateException e) {
            return new Value.Bad<>("must be a PEM file of certificates; " + file + " cannot be understood");
        } catch (IOException e) {
            return new Value.Bad<>("must be a file that this user may read, not \"" + file + "\"");
        }
    }

    static String show(List<?> some) {
        return String.join(", ", some.stream().map(Reachable::show).toList());
    }

    private static String show(Object one) {
        return one instanceof InetSocketAddress server ? show(server.getAddress(), server.getPort()) : one.toString();
    }

    private static String show(InetAddress address, int port) {
        String host = address.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + (port == DnsServer.PORT ? "" : ":" + port);
    }
}
