package io.sekisho.smtp.server;

import io.sekisho.smtp.Reply;

/** What became of the content of a mail transaction. */
public sealed interface ContentOutcome {
    /** It is in our custody: the session answers 250 2.0.0 with the receipt's id. @param receipt the proof */
    record Stored(Receipt receipt) implements ContentOutcome {}

    /** It is not, and the client keeps it. @param reply what to say, 4yz or 5yz */
    record Refused(Reply reply) implements ContentOutcome {
        /** Checks the reply. @throws IllegalArgumentException when the reply would tell the client that we took the message */
        public Refused {
            if (reply.code() < 400) {
                throw new IllegalArgumentException("a refusal cannot say " + reply);
            }
        }
    }
}
