package io.sekisho.app.demo;

import java.util.List;

/** What a sending host was told about one mail. */
sealed interface SendResult {
    /**
     * The gateway took it for at least one recipient.
     *
     * @param reply to the content, such as {@code 250 2.0.0 stored as …}
     * @param refusals replies to recipients that were not taken
     */
    record Taken(String reply, List<String> refusals) implements SendResult {}

    /** The gateway refused all of it for good. @param reply the one that decided */
    record Refused(String reply) implements SendResult {}

    /** It was not taken for now: no connection, a lost one, or a 4yz reply. @param detail what happened */
    record NotYet(String detail) implements SendResult {}
}
