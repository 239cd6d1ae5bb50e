package io.sekisho.smtp.client;

import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.tls.TlsOutcome;
import java.util.List;

/** What came of handing one message to a next hop. */
public sealed interface Transmission {
    /** What became of TLS on the last connection that was tried. */
    TlsOutcome tls();

    /**
     * The conversation came to its end: one final reply for each recipient, in the envelope's order. A recipient refused at
     * RCPT has that reply; one accepted there has the reply to the content; where MAIL was refused, all have that one, where
     * DATA was refused, all that were accepted before. A 421 is the reply for all that had none. What the server cannot take
     * by its own word (size, 8-bit content, an address or header beyond ASCII) has a 5yz reply that we made, and was not sent.
     * Where the server's limits wanted several transactions, a later one that failed has a 4yz reply that we made.
     *
     * @param replies as many as the envelope has recipients
     * @param server the address and port that we talked to, such as {@code 192.0.2.1:25}
     */
    record Replied(List<RemoteReply> replies, String server, TlsOutcome tls) implements Transmission {
        /** Without TLS. */
        public Replied(List<RemoteReply> replies, String server) {
            this(replies, server, new TlsOutcome.Untried());
        }
    }

    /**
     * No connection, no usable greeting, or not the TLS that the policy asks for: the next hop itself is in trouble, no
     * recipient was judged.
     *
     * @param detail what happened, in words for an administrator
     */
    record Unreachable(String detail, TlsOutcome tls) implements Transmission {
        /** TLS was not reached. */
        public Unreachable(String detail) {
            this(detail, new TlsOutcome.Untried());
        }
    }

    /**
     * The connection was lost or timed out inside the transaction. After {@code contentSent} the server may have taken the
     * message: sending it again can make a second copy.
     *
     * @param detail what happened, in words for an administrator
     * @param contentSent whether the final dot had been sent
     */
    record Lost(String detail, boolean contentSent, TlsOutcome tls) implements Transmission {
        /** Without TLS. */
        public Lost(String detail, boolean contentSent) {
            this(detail, contentSent, new TlsOutcome.Untried());
        }
    }
}
