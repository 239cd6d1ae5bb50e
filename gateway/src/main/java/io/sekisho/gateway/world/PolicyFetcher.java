package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;

/** Fetches the MTA-STS policy that a domain publishes (RFC 8461 section 3.3). */
@FunctionalInterface
public interface PolicyFetcher {
    /** Fetches it, within a bounded time. */
    Fetched fetch(DomainName domain);

    /** What that came to. */
    sealed interface Fetched {
        /** A text, which may be a policy or not. */
        record Text(String text) implements Fetched {}

        /**
         * Nothing.
         *
         * @param failure in the words of reports
         * @param detail the same for people
         */
        record Failed(PolicyFailure failure, String detail) implements Fetched {}
    }
}
