package io.sekisho.smtp.server;

import io.sekisho.smtp.Reply;
import io.sekisho.smtp.tls.ServerTls;
import io.sekisho.smtp.tls.TlsSession;
import io.sekisho.smtp.tls.UpgradableConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** TLS of one session: whether it may start, and its start (RFC 3207). */
final class SessionTls {
    private final UpgradableConnection connection;
    private final TlsOffer offer;
    private final Duration untilNextWord;
    private @Nullable TlsSession session;

    /** @param untilNextWord how long the client may take, once TLS is on, until we write again */
    SessionTls(UpgradableConnection connection, TlsOffer offer, Duration untilNextWord) {
        this.connection = connection;
        this.offer = offer;
        this.untilNextWord = untilNextWord;
    }

    /** What protects the session; null when nothing does. */
    @Nullable
    TlsSession session() {
        return session;
    }

    /** Whether EHLO offers STARTTLS. */
    boolean offered() {
        return session == null && offer instanceof TlsOffer.StartTls;
    }

    /** Whether TLS comes before the greeting. */
    boolean implicit() {
        return offer instanceof TlsOffer.Implicit;
    }

    /** Why STARTTLS cannot be granted; null when it can. */
    @Nullable
    Reply refusal(boolean greeted, boolean inTransaction) {
        if (session != null) {
            return SessionReplies.TLS_ON;
        }
        if (!offered()) {
            return SessionReplies.TLS_NOT_OFFERED;
        }
        return !greeted ? SessionReplies.HELLO_FIRST : inTransaction ? SessionReplies.TLS_IN_TRANSACTION : null;
    }

    /** The server's side for this session, as it is now. */
    ServerTls side() {
        return switch (offer) {
            case TlsOffer.StartTls(Supplier<ServerTls> tls) -> tls.get();
            case TlsOffer.Implicit(Supplier<ServerTls> tls) -> tls.get();
            case TlsOffer.None n -> throw new IllegalStateException("TLS is off");
        };
    }

    /** Does the handshake. @return why it failed, so that the session ends; null when TLS is on */
    @Nullable
    String start(ServerTls side) {
        try {
            session = connection.upgrade(side::accept).session();
            connection.deadline(untilNextWord);
            return null;
        } catch (IOException e) {
            return Receiver.NO_TLS + e.getMessage();
        }
    }
}
