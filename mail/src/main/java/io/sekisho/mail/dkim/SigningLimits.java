package io.sekisho.mail.dkim;

import io.sekisho.mail.message.HeaderLimits;

/**
 * Bounds of signing.
 *
 * @param header of reading the header section; a message beyond it is not signed
 * @param names names in an h= tag; a message that needs more is not signed
 * @param buffer octets of the body in memory at a time
 */
public record SigningLimits(HeaderLimits header, int names, int buffer) {
    /** The product's bounds. */
    public static final SigningLimits DEFAULT = new SigningLimits(HeaderLimits.DEFAULT, 250, 64 * 1024);
}
