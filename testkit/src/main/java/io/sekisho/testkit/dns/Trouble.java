package io.sekisho.testkit.dns;

/** What a fake DNS server can do wrong. */
public enum Trouble {
    /** It never answers, over UDP or TCP. */
    SILENT,
    /** It says that it failed. */
    SERVFAIL,
    /** It does not want to answer. */
    REFUSED,
    /** It says that it does not understand a question with EDNS; one without is answered. */
    NO_EDNS,
    /** Over UDP it says that the answer does not fit; over TCP it answers. */
    TRUNCATED,
    /** Over UDP it says that the answer does not fit; over TCP it closes the connection. */
    TRUNCATED_AND_CLOSED,
    /** It sends half of the octets of its answer, as if that were all. */
    CUT,
    /** It sends octets that are no message. */
    NOISE,
    /** Its answer has another id. */
    WRONG_ID,
    /** Its answer is to another question. */
    WRONG_QUESTION,
    /** It says that an answer is validated that nobody could validate. */
    FALSE_AD,
    /** It answers, and in front of that tells about a name that nobody asked for. */
    LIES_BESIDE,
    /** It does not claim to serve the zone. */
    LAME
}
