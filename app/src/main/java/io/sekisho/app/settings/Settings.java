package io.sekisho.app.settings;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.platform.net.AddressRange;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator can set. Paths are absolute.
 *
 * @param data folder for everything we keep
 * @param hostname our name in greetings and trace fields
 * @param smtp the SMTP server
 * @param tls how SMTP is protected
 * @param net how the rest of the world is reached
 * @param noticesFrom who writes the mail that is ours, such as notices
 * @param routes the routes file
 * @param database which database is used
 * @param journal bounds of the journal
 * @param delivery bounds of delivery
 * @param log the system log; the mail log stands beside it as {@code mail.log}
 */
public record Settings(
        Path data,
        String hostname,
        Smtp smtp,
        Tls tls,
        Net net,
        Mailbox noticesFrom,
        Path routes,
        Database database,
        Journal journal,
        Delivery delivery,
        Path log) {

    /** The log of what happens to mail, one line an event. */
    public Path mailLog() {
        return log.resolveSibling("mail.log");
    }

    /**
     * The SMTP server.
     *
     * @param listen where it listens, at least one address
     * @param sessions at once
     * @param sessionsPerAddress at once from one client address, at most {@code sessions}
     * @param messageSize octets a message may have
     * @param recipients a mail transaction may have
     */
    public record Smtp(
            List<ListenAddress> listen, int sessions, int sessionsPerAddress, long messageSize, int recipients) {}

    /** How SMTP is protected, at both sides. */
    public sealed interface Tls {
        /** Not at all. */
        record Off() implements Tls {}

        /** With a certificate for the host name that we make ourselves. */
        record SelfMade() implements Tls {}

        /**
         * With a certificate of the operator, in PEM files.
         *
         * @param certificate the file with the certificate and its chain
         * @param key the file with its key
         */
        record Files(Path certificate, Path key) implements Tls {}
    }

    /**
     * How the rest of the world is reached.
     *
     * @param dns whom to ask; empty for the servers of the system
     * @param dnsTrusted whether it counts when they say that they have validated an answer (DNSSEC)
     * @param allowed special ranges, such as private ones, in which customers' servers may stand
     * @param smtpPort where the mail exchangers of the world listen
     * @param httpsPort where its web servers listen
     * @param roots a PEM file of roots that are trusted besides those of the platform; null for none
     */
    public record Net(
            List<InetSocketAddress> dns,
            boolean dnsTrusted,
            List<AddressRange> allowed,
            int smtpPort,
            int httpsPort,
            @Nullable Path roots) {
        /** What holds when nothing is set. */
        public static final Net DEFAULT = new Net(List.of(), false, List.of(), 25, 443, null);
    }

    /** Which database is used. */
    public sealed interface Database {
        /** One that we bring, start and stop, in the data folder. */
        record Embedded() implements Database {}

        /**
         * One that somebody else runs.
         *
         * @param url such as {@code jdbc:postgresql://db.example:5432/sekisho}
         * @param logins by the words {@code owner}, {@code app}, {@code gateway}, {@code operator}; all four
         */
        record External(String url, Map<String, DatabaseLogin> logins) implements Database {}
    }

    /**
     * A login of an external database.
     *
     * @param user its name
     * @param passwordFile the file whose first line is its password
     */
    public record DatabaseLogin(String user, Path passwordFile) {}

    /**
     * Bounds of the journal; beyond them mail is put off with 451.
     *
     * @param maxBytes octets of its segments
     * @param maxRecords records not yet filed
     */
    public record Journal(long maxBytes, int maxRecords) {}

    /**
     * Bounds of delivery.
     *
     * @param perLane attempts at once to one next hop of one tenant
     * @param total attempts at once, at least {@code perLane}
     * @param lifetime how long delivery is tried
     */
    public record Delivery(int perLane, int total, Duration lifetime) {}
}
