package io.sekisho.gateway.intake;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.queue.MessageIds;
import io.sekisho.gateway.spool.Spool;
import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.Reply;
import io.sekisho.smtp.server.Hello;
import io.sekisho.smtp.server.Peer;
import io.sekisho.smtp.server.Receiver;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes mail from the world for the domains of the routing table, and for nobody else. */
public final class InboundReceiver implements Receiver {
    private static final System.Logger LOG = System.getLogger(InboundReceiver.class.getName());

    private final String hostName;
    private final IntakeLimits limits;
    private final Reply greeting;
    private final Supplier<RoutingTable> routing;
    private final RecipientRules rules;
    private final MessageRates rates;
    private final Spool spool;
    private final MailLog log;
    private final InstantSource clock;
    private final MessageIds ids;

    /**
     * A receiver.
     *
     * @param hostName our name in the greeting, and in the results of authentication that only we may write
     * @param routing gives the table that is in force when a transaction begins
     * @param callForward asks customers' servers about recipients
     * @param learned is told of recipients that a customer's server took while their domain learns
     * @param early is told of domains that get mail before they are proven, and of who sets them up
     * @param rates counts messages, of all receivers of this gateway together
     * @param random gives the random part of ids; used by many threads
     */
    public InboundReceiver(
            String hostName,
            Supplier<RoutingTable> routing,
            CallForward callForward,
            BiConsumer<DomainRoute, Mailbox> learned,
            BiConsumer<String, Set<UUID>> early,
            MessageRates rates,
            Spool spool,
            MailLog log,
            InstantSource clock,
            RandomGenerator random,
            IntakeLimits limits) {
        this.hostName = hostName;
        this.limits = limits;
        this.greeting = new Reply(220, null, List.of(hostName + " ESMTP Sekisho"));
        this.routing = routing;
        this.rules = new RecipientRules(
                new RememberedAnswers(callForward, clock, CallForwardLimits.DEFAULT), learned, early, clock);
        this.rates = rates;
        this.spool = spool;
        this.log = log;
        this.clock = clock;
        this.ids = new MessageIds(random);
    }

    @Override
    public Reply connected(Peer peer) {
        return greeting;
    }

    @Override
    public Beginning begin(Hello hello, ReversePath reversePath, MailParameters parameters) {
        return new Beginning.Opened(new InboundTransaction(
                hostName,
                limits,
                hello,
                reversePath,
                parameters,
                routing.get(),
                rules,
                rates,
                spool,
                ids,
                clock,
                (recipient, reply) -> log.record(new MailEvent.Refused(
                        clock.instant(),
                        hello.peer().address().getHostAddress(),
                        reversePath.toString(),
                        recipient,
                        reply.toString()))));
    }

    @Override
    public void disconnected(Peer peer, @Nullable String reason) {
        if (reason != null && reason.startsWith(Receiver.NO_TLS)) {
            LOG.log(System.Logger.Level.INFO, "{0}: {1}", peer.address().getHostAddress(), reason);
        }
        // a client that just went away was refused nothing: port probes would fill the log
        if (reason != null && reason.matches("[45]\\d\\d .*")) {
            log.record(new MailEvent.Refused(clock.instant(), peer.address().getHostAddress(), "", "", reason));
        }
    }
}
