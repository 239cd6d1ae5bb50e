package io.sekisho.app.demo;

import io.sekisho.smtp.server.Listener;
import java.io.IOException;

/** Opens the places where the customers' servers listen. */
@FunctionalInterface
public interface ListenerFactory {
    /** Listens on the loopback address, on any free port. @throws IOException when that is not possible */
    Listener open() throws IOException;
}
