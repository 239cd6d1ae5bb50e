package io.sekisho.mail.report;

import io.sekisho.mail.message.Content;

/**
 * A notice, ready to be sent with the null reverse-path, so that it is never answered by another one (RFC 3464 section 2).
 *
 * @param content the message
 * @param smtpUtf8 whether it must be sent with SMTPUTF8 (RFC 6531): its header has UTF-8 in it
 */
public record Dsn(Content content, boolean smtpUtf8) {}
