package io.sekisho.smtp.tls;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * How many handshakes one core does, full and resumed, both sides together; started by hand. Each connection carries an EHLO
 * and its reply, as SMTP does, so that tickets are used.
 */
final class HandshakeBench {
    private HandshakeBench() {}

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        ServerTls server = TestIdentities.server(TestIdentities.GOOD);
        ClientTls client = TestIdentities.client();
        AtomicInteger number = new AtomicInteger();
        for (int round = 0; round < 3; round++) {
            measure(seconds, "full", server, client, () -> "mx" + number.incrementAndGet() + ".example");
            measure(seconds, "resumed", server, client, () -> "mx.example");
        }
    }

    private static void measure(int atMost, String name, ServerTls server, ClientTls client, Supplier<String> hosts)
            throws Exception {
        byte[] line = "EHLO client.example\r\n".getBytes(StandardCharsets.US_ASCII);
        long end = System.nanoTime() + atMost * 1_000_000_000L;
        long began = cpu();
        int count = 0;
        while (System.nanoTime() < end) {
            String host = hosts.get();
            TlsPair pair = TlsPair.open(below -> client.connect(below, host), server::accept);
            TlsPair.through(pair.client(), pair.server(), line);
            TlsPair.through(pair.server(), pair.client(), line);
            pair.close();
            count++;
        }
        double seconds = (cpu() - began) / 1e9;
        System.Logger log = System.getLogger(HandshakeBench.class.getName());
        log.log(
                System.Logger.Level.INFO,
                String.format(
                        Locale.ROOT,
                        "%s: %d in %.1f CPU s, %.0f a core and second",
                        name,
                        count,
                        seconds,
                        count / seconds));
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
