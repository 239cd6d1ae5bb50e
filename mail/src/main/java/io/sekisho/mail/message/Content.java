package io.sekisho.mail.message;

import java.io.IOException;
import java.io.InputStream;

/** The octets of a message as they were received, dot-stuffing removed, every line ended by CR LF; can be read any number of times. */
public interface Content {
    /** The number of octets. */
    long size();

    /** Whether any octet is above 127, so that the message needs 8BITMIME (RFC 6152). */
    boolean eightBit();

    /** A new stream over all the octets, to be closed by the caller. @throws IOException when the medium cannot be read */
    InputStream open() throws IOException;
}
