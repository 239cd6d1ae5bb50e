package io.sekisho.gateway.queue;

/**
 * Where mail goes. Which servers that means is looked up when an attempt is made, so that a changed route or MX is in force for
 * mail that waits already.
 */
public sealed interface Destination {
    /** The domain, as in {@link io.sekisho.mail.address.Mailbox#domain()}. */
    String domain();

    /** The word of its kind in the journal and the database. */
    String kind();

    /** The mail servers that a customer named for its domain. */
    record Customer(String domain) implements Destination {
        /** The kind's word. */
        static final String KIND = "customer";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public String toString() {
            return domain;
        }
    }

    /** The mail exchangers of a domain out in the world (RFC 5321 section 5.1). */
    record World(String domain) implements Destination {
        /** The kind's word. */
        static final String KIND = "world";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public String toString() {
            return domain;
        }
    }

    /** The destination of a kind's word and a domain. @throws IllegalArgumentException when there is no such kind */
    static Destination of(String kind, String domain) {
        return switch (kind) {
            case Customer.KIND -> new Customer(domain);
            case World.KIND -> new World(domain);
            default -> throw new IllegalArgumentException("no kind of destination: " + kind);
        };
    }
}
