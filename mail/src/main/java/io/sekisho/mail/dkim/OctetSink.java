package io.sekisho.mail.dkim;

/** Takes octets as they are made. */
@FunctionalInterface
public interface OctetSink {
    /** Takes some octets; they are not changed, and not looked at after the call. */
    void write(byte[] from, int offset, int length);
}
