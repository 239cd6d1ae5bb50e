package io.sekisho.smtp.server;

import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.Reply;

/** Who takes the mail that a server receives: the port between the protocol and the gateway. Used by all sessions at once. */
public interface Receiver {
    /** How the reason of {@link #disconnected} begins when a handshake has failed. */
    String NO_TLS = "no TLS: ";

    /** A client has connected. @return 220 with our greeting, or 421 or 554 to turn it away */
    Reply connected(Peer peer);

    /** A MAIL command whose form is right. */
    Beginning begin(Hello hello, ReversePath reversePath, MailParameters parameters);

    /** The client has gone, or broke the rules; facts for the log. @param reason what happened, null after a proper QUIT */
    default void disconnected(Peer peer, @org.jspecify.annotations.Nullable String reason) {}

    /** The answer to MAIL. */
    sealed interface Beginning {
        /** The transaction is open. @param transaction takes what follows */
        record Opened(MailTransaction transaction) implements Beginning {}

        /** It is not. @param reply why, 4yz or 5yz */
        record Refused(Reply reply) implements Beginning {}
    }
}
