package io.sekisho.mail.report;

/**
 * The recipient as the sender named it: the ORCPT parameter, decoded (RFC 3461 section 4.2).
 *
 * @param addressType such as {@code rfc822} or {@code utf-8}
 * @param address the address, without xtext encoding
 */
public record OriginalRecipient(String addressType, String address) {}
