package io.sekisho.smtp.tls;

import javax.net.ssl.SSLEngine;

/** Makes the engines of a server, one a connection. Used by many threads. */
interface ServerEngines {
    /** An engine in the server's mode, with its protocols and suites set. */
    SSLEngine next();

    /** Gives back what an engine holds outside the heap. It may be asked afterwards, and says that it is closed. */
    void end(SSLEngine engine);

    /** The most octets a record has on the wire. */
    int packet();
}
