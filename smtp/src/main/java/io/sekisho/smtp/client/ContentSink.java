package io.sekisho.smtp.client;

import java.io.IOException;

/** Takes content on its way to the server, in pieces of any size. */
interface ContentSink {
    /** Takes the next octets. @return whether more is wanted @throws IOException when the connection fails */
    boolean write(byte[] from, int offset, int count) throws IOException;
}
