package io.sekisho.smtp.client;

import io.sekisho.smtp.Connection;
import io.sekisho.smtp.tls.CertificateJudge.Verdict;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.TlsConnection;
import io.sekisho.smtp.tls.TlsFailure;
import io.sekisho.smtp.tls.TlsFailure.Kind;
import io.sekisho.smtp.tls.TlsOutcome;
import io.sekisho.smtp.tls.TlsPolicy;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Connects, says EHLO and goes over to TLS as the policy wants it, up to where MAIL may be said. */
final class SessionOpener {
    private final String helo;
    private final Connector connector;
    private final ClientLimits limits;
    private final ClientTls tls;
    private final LongSupplier nanos;

    SessionOpener(String helo, Connector connector, ClientLimits limits, ClientTls tls, LongSupplier nanos) {
        this.helo = helo;
        this.connector = connector;
        this.limits = limits;
        this.tls = tls;
        this.nanos = nanos;
    }

    /** What came of it. */
    sealed interface Opened {
        /** Mail may be sent. @param session which carries what became of TLS */
        record Ready(ClientSession session) implements Opened {}

        /** No mail may be sent. @param why for each recipient */
        record Not(Transmission.Unreachable why) implements Opened {}
    }

    /** Opens a session. @param end when the transmission must be over, by {@code nanos} */
    Opened open(NextHop hop, TlsPolicy policy, long end) {
        Opened first = open(hop, policy, end, null);
        if (policy instanceof TlsPolicy.Opportunistic
                && first instanceof Opened.Not(Transmission.Unreachable(String _, TlsOutcome.Failed(TlsFailure why)))) {
            // the connection is in doubt: another one, this time without TLS
            return open(hop, policy, end, why);
        }
        return first;
    }

    /** One connection. @param earlier why TLS failed on the one before, so that it is not tried again; null at first */
    private Opened open(NextHop hop, TlsPolicy policy, long end, @Nullable TlsFailure earlier) {
        TlsOutcome sofar = earlier == null ? new TlsOutcome.Untried() : new TlsOutcome.Failed(earlier);
        Connection connection;
        try {
            connection = connector.connect(hop, limits.waits().connect());
        } catch (IOException e) {
            String message = e.getMessage();
            return not(message == null ? hop + ": " + e : message, sofar);
        }
        ClientSession session = new ClientSession(connection, limits, nanos, end);
        session.tls(sofar);
        try {
            session.open(helo);
        } catch (IOException e) {
            session.close();
            return not(session.failure(e), sofar);
        }
        if (policy instanceof TlsPolicy.None || earlier != null) {
            return new Opened.Ready(session);
        }
        try {
            return secure(session, hop, policy);
        } catch (IOException e) {
            session.close();
            return failed(new TlsFailure(Kind.VALIDATION_FAILURE, session.failure(e)));
        }
    }

    private Opened secure(ClientSession session, NextHop hop, TlsPolicy policy) throws IOException {
        String refusal = session.capabilities().startTls() ? session.askForTls() : "STARTTLS is not offered";
        if (refusal != null) {
            TlsFailure failure = new TlsFailure(Kind.STARTTLS_NOT_SUPPORTED, session.server() + ": " + refusal);
            session.tls(new TlsOutcome.Failed(failure));
            if (policy.plainAllowed()) {
                return new Opened.Ready(session);
            }
            session.close();
            return failed(failure);
        }
        TlsConnection secured = session.startTls(tls, asked(hop, policy));
        return switch (tls.judge(policy, secured)) {
            case Verdict.Accepted a -> {
                session.hello(helo);
                session.tls(new TlsOutcome.Protected(secured.session(), judged(policy)));
                yield new Opened.Ready(session);
            }
            case Verdict.Rejected(TlsFailure failure) -> {
                session.close();
                yield failed(new TlsFailure(failure.kind(), session.server() + ": " + failure.detail()));
            }
        };
    }

    /** The name that is asked for in the handshake. */
    private static String asked(NextHop hop, TlsPolicy policy) {
        return switch (policy) {
            case TlsPolicy.None n -> hop.host();
            case TlsPolicy.Opportunistic o -> hop.host();
            case TlsPolicy.Required r -> hop.host();
            case TlsPolicy.Verified(List<String> names) -> names.getFirst();
            case TlsPolicy.Dane d -> d.names().getFirst();
        };
    }

    private static boolean judged(TlsPolicy policy) {
        return switch (policy) {
            case TlsPolicy.None n -> false;
            case TlsPolicy.Opportunistic o -> false;
            case TlsPolicy.Required r -> false;
            case TlsPolicy.Verified v -> true;
            case TlsPolicy.Dane d -> true;
        };
    }

    private static Opened failed(TlsFailure failure) {
        return not(failure.detail(), new TlsOutcome.Failed(failure));
    }

    private static Opened not(String detail, TlsOutcome tls) {
        return new Opened.Not(new Transmission.Unreachable(detail, tls));
    }
}
