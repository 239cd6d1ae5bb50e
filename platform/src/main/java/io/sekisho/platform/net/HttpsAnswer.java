package io.sekisho.platform.net;

/** What fetching by HTTPS came to. */
public sealed interface HttpsAnswer {
    /**
     * The server answered.
     *
     * @param status the status code, 200 for success; a redirect is an answer like any other and not followed
     * @param mediaType the media type in lower case without parameters; empty when it was not said
     * @param body the content as UTF-8; empty unless the status is 200
     */
    record Said(int status, String mediaType, String body) implements HttpsAnswer {}

    /**
     * There is no answer.
     *
     * @param cause what kind of trouble
     * @param detail what happened, for an administrator
     */
    record Failed(Cause cause, String detail) implements HttpsAnswer {}

    /** Why there is no answer. */
    enum Cause {
        /** The host has no address, or it cannot be found out now. */
        NO_ADDRESS,
        /** Connections to its addresses are not allowed. */
        NOT_ALLOWED,
        /** No connection, or it broke. */
        UNREACHABLE,
        /** The time was up. */
        TOO_SLOW,
        /** The certificate is not for this host, does not hold now, or nobody that is trusted vouches for it. */
        CERTIFICATE,
        /** TLS failed in another way, or there is none. */
        TLS,
        /** What came is larger than the bound. */
        TOO_LARGE,
        /** What came is not HTTP. */
        MALFORMED
    }
}
