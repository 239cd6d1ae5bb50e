package io.sekisho.smtp;

/**
 * The parameters of MAIL (RFC 1870, RFC 6152, RFC 6531, RFC 3461).
 *
 * @param size the size that the client announced, in octets; 0 when it announced none
 * @param eightBitMime whether it said BODY=8BITMIME
 * @param smtpUtf8 whether it said SMTPUTF8: envelope and header may go beyond ASCII
 * @param dsn what it said about notices
 */
public record MailParameters(long size, boolean eightBitMime, boolean smtpUtf8, DsnOptions dsn) {
    /** Parameters without SMTPUTF8 and DSN. */
    public MailParameters(long size, boolean eightBitMime) {
        this(size, eightBitMime, false, DsnOptions.NONE);
    }
}
