package io.sekisho.mail.dkim;

/** What signing came to. */
public sealed interface SigningResult {
    /** Signed. @param fields the signatures: whole header fields in ASCII, each ended by CR LF, to stand before the content */
    record Signed(String fields) implements SigningResult {}

    /** A message that must not be signed. @param why the reason */
    record NotSigned(Why why) implements SigningResult {}

    /** Why a message is not signed. */
    enum Why {
        /** It has no From field: the signature would name no author (RFC 6376 section 5.4). */
        NO_FROM,
        /** It has several From fields: readers may be shown another one than is meant (RFC 6376 section 8.15). */
        SEVERAL_FROM,
        /** The header section is beyond the limits. */
        HEADER_TOO_LARGE,
        /** More fields would have to be named than the limit allows. */
        TOO_MANY_NAMES
    }
}
