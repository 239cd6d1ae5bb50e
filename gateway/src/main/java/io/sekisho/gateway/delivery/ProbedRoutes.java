package io.sekisho.gateway.delivery;

import io.sekisho.gateway.intake.CallForward;
import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.Route;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.NextHop;
import java.io.IOException;
import java.util.Comparator;

/** Call-forward by SMTP: the domain's servers are asked in the order of their preference until one answers. */
public final class ProbedRoutes implements CallForward {
    private static final System.Logger LOG = System.getLogger(ProbedRoutes.class.getName());

    private final Probe probe;

    /** One question to one server. */
    @FunctionalInterface
    public interface Probe {
        /** The reply to RCPT. @throws IOException when the server cannot be talked to */
        RemoteReply ask(NextHop hop, Mailbox recipient) throws IOException;
    }

    /** @param probe asks one server */
    public ProbedRoutes(Probe probe) {
        this.probe = probe;
    }

    @Override
    public Answer ask(DomainRoute domain, Mailbox mailbox) {
        for (Route route : domain.routes().stream()
                .sorted(Comparator.comparingInt(Route::preference))
                .toList()) {
            try {
                RemoteReply reply = probe.ask(route.hop(), mailbox);
                return answer(reply);
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "no answer about a recipient from {0}: {1}",
                        route.hop(),
                        e.getMessage());
            }
        }
        return Answer.NO_ANSWER;
    }

    /** Only what is said about the mailbox itself (RFC 3463 X.1.z, or no status) makes it unknown; a server that refuses us says nothing of it. */
    private static Answer answer(RemoteReply reply) {
        if (reply.positive()) {
            return Answer.KNOWN;
        }
        boolean ofTheMailbox = reply.status() == null || reply.status().subject() == 1;
        return reply.permanent() && reply.code() != 554 && ofTheMailbox ? Answer.UNKNOWN : Answer.NO_ANSWER;
    }
}
