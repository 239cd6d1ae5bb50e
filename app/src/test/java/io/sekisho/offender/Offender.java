package io.sekisho.offender;

import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Does, in a class of its own each, what only one place may do. The rules must find every one of them. */
public final class Offender {
    private Offender() {}

    /** The classes that must be found by the rule about time and chance. */
    public static final List<Class<?>> TIME_AND_CHANCE =
            List.of(AsksNow.class, RefersToNow.class, ReadsClock.class, Throws.class, RefersToDice.class, Keys.class);

    static final class AsksNow {
        Instant at() {
            return Instant.now();
        }
    }

    static final class RefersToNow {
        Supplier<Instant> at() {
            return Instant::now;
        }
    }

    static final class ReadsClock {
        long at() {
            return System.currentTimeMillis();
        }
    }

    static final class Throws {
        int dice() {
            return new Random().nextInt(6);
        }
    }

    static final class RefersToDice {
        Supplier<UUID> id() {
            return UUID::randomUUID;
        }
    }

    static final class Keys {
        Supplier<SecureRandom> source() {
            return SecureRandom::new;
        }
    }

    /** Opens a socket. */
    public static final class Connects {
        Socket socket() {
            return new Socket();
        }
    }

    /** Asks the resolver of the machine. */
    public static final class LooksUp {
        InetAddress address(String name) throws UnknownHostException {
            return InetAddress.getByName(name);
        }
    }

    /** Prepares a statement and is no store. */
    public static final class Asks {
        void ask(Connection connection) throws SQLException {
            connection.prepareStatement("vacuum").close();
        }
    }

    /** A name that says nothing. */
    public static final class QueueManager {}
}
