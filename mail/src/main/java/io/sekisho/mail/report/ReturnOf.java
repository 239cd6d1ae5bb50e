package io.sekisho.mail.report;

/** How much of a message comes back with a notice of failure: the RET parameter (RFC 3461 section 4.3). */
public enum ReturnOf {
    /** All of it, if it is not too large and can be sent as it is. */
    FULL,
    /** Its header. */
    HDRS
}
