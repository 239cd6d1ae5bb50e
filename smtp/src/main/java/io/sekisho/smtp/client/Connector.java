package io.sekisho.smtp.client;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.time.Duration;

/** Opens connections to next hops. The product's only one is in {@code platform.net}. */
@FunctionalInterface
public interface Connector {
    /**
     * Connects, trying the addresses of the host one after another.
     *
     * @param timeout for each address
     * @throws IOException with words for an administrator: no address, refused, no answer
     */
    Connection connect(NextHop hop, Duration timeout) throws IOException;
}
