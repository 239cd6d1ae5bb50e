package io.sekisho.mail.message;

/** What is not as RFC 5322 has it in a header section that was read nevertheless. */
public enum HeaderDefect {
    /** A line that is no field: no colon, or a name with other than printable ASCII (section 2.2). */
    NOT_A_FIELD,
    /** Blanks between the name and the colon (obsolete, section 4.5). */
    BLANK_BEFORE_COLON,
    /** A CR without an LF after it. */
    BARE_CR,
    /** An LF without a CR before it. */
    BARE_LF,
    /** The octet 0. */
    NUL,
    /** A line of more than 998 octets (section 2.1.1). */
    LONG_LINE,
    /** The content ends within a line. */
    UNENDED_LINE,
    /** There are more fields than the limit; the further ones were not read. */
    TOO_MANY_FIELDS,
    /** The section has more octets than the limit; the further ones were not read. */
    TOO_LARGE
}
