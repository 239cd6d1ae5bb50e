package io.sekisho.app.demo;

import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.smtp.client.NextHop;
import java.io.Closeable;
import java.util.List;

/** The real gateway, as far as the demo needs to know it. */
public interface DemoGateway extends Closeable {
    /** The SMTP port it listens on, on the loopback address. */
    int port();

    /** Stops it in good order. */
    @Override
    void close();

    /** Starts the real gateway. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts it; returns when it listens.
         *
         * @param routes the domains it serves
         * @param log gets its events
         * @throws Exception when it does not start; the demo stops what it has begun and passes it on
         */
        DemoGateway start(List<Route> routes, MailLog log) throws Exception;
    }

    /**
     * A customer's domain.
     *
     * @param domain in lower case
     * @param hop the customer's server
     * @param localParts who exists there
     */
    record Route(String domain, NextHop hop, List<String> localParts) {
        /** Copies the list. */
        public Route {
            localParts = List.copyOf(localParts);
        }
    }
}
