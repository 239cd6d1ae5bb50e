package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import java.io.Closeable;
import java.io.IOException;

/** Where clients arrive: a listening socket in the product, a queue in tests. */
public interface Listener extends Closeable {
    /** The next client; waits for one. @throws IOException when the listener is closed or the system cannot accept now */
    Connection accept() throws IOException;

    /** The port that is listened on. */
    int port();

    /** Stops listening; a waiting {@link #accept} fails. */
    @Override
    void close();
}
