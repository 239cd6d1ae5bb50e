package io.sekisho.smtp.server;

/**
 * The parameters of MAIL (RFC 1870, RFC 6152).
 *
 * @param size the size that the client announced, in octets; 0 when it announced none
 * @param eightBitMime whether it said BODY=8BITMIME
 */
public record MailParameters(long size, boolean eightBitMime) {}
