package io.sekisho.gateway.tracking;

/** Why a message is held. The same word stands in log, event, row and page. */
public enum Reason {
    /** The customer's server refused it for good, and no notice may go to the sender. */
    ROUTE_REFUSED,
    /** It could not be delivered within its lifetime. */
    EXPIRED,
    /** Its domain takes no mail: there is no such domain, or its MX says so. */
    NO_MAIL_THERE
}
