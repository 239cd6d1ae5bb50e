package io.sekisho.smtp.server;

import io.sekisho.smtp.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What all sessions of a server share.
 *
 * @param receiver takes the mail
 * @param incoming the directory of messages too large for memory
 * @param surpriseIds gives the ids by which a surprise is found in the log
 * @param nanos a clock for durations
 * @param draining whether the server stops
 * @param hello the reply to HELO
 * @param tls how TLS is used
 * @param extendedHello the reply to EHLO
 * @param startTlsHello the reply to EHLO while TLS can still be started
 */
record Surroundings(
        Receiver receiver,
        ServerLimits limits,
        Path incoming,
        Supplier<String> surpriseIds,
        LongSupplier nanos,
        BooleanSupplier draining,
        CommandParser parser,
        ReceiveMemory memory,
        Reply hello,
        TlsOffer tls,
        Reply extendedHello,
        Reply startTlsHello) {

    static Surroundings of(
            Receiver receiver,
            ServerLimits limits,
            String hostName,
            Path incoming,
            Supplier<String> surpriseIds,
            LongSupplier nanos,
            BooleanSupplier draining,
            TlsOffer tls) {
        List<String> extensions = List.of(
                hostName,
                "PIPELINING",
                "SIZE " + limits.messages().size(),
                "8BITMIME",
                "SMTPUTF8",
                "CHUNKING",
                "DSN",
                limits(limits),
                "ENHANCEDSTATUSCODES");
        return new Surroundings(
                receiver,
                limits,
                incoming,
                surpriseIds,
                nanos,
                draining,
                new CommandParser(hostName),
                new ReceiveMemory(limits.memory()),
                new Reply(250, null, List.of(hostName)),
                tls,
                new Reply(250, null, extensions),
                new Reply(
                        250,
                        null,
                        Stream.concat(extensions.stream(), Stream.of("STARTTLS"))
                                .toList()));
    }

    /** How much the server takes (RFC 9422 section 4); the syntax has room for six digits. */
    private static String limits(ServerLimits limits) {
        int most = 999_999;
        return "LIMITS MAILMAX=" + Math.min(most, limits.sessions().transactions()) + " RCPTMAX="
                + Math.min(most, limits.messages().recipients());
    }
}
