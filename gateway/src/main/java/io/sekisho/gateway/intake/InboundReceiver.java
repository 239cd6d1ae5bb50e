package io.sekisho.gateway.intake;

import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.spool.Spool;
import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.Reply;
import io.sekisho.smtp.server.Hello;
import io.sekisho.smtp.server.MailParameters;
import io.sekisho.smtp.server.Peer;
import io.sekisho.smtp.server.Receiver;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes mail from the world for the domains of the routing table, and for nobody else. */
public final class InboundReceiver implements Receiver {
    private static final System.Logger LOG = System.getLogger(InboundReceiver.class.getName());

    private final Reply greeting;
    private final Supplier<RoutingTable> routing;
    private final Spool spool;
    private final MailLog log;
    private final InstantSource clock;
    private final MessageIds ids;

    /**
     * A receiver.
     *
     * @param hostName our name in the greeting
     * @param routing gives the table that is in force when a transaction begins
     * @param random gives the random part of ids; used by many threads
     */
    public InboundReceiver(
            String hostName,
            Supplier<RoutingTable> routing,
            Spool spool,
            MailLog log,
            InstantSource clock,
            RandomGenerator random) {
        this.greeting = new Reply(220, null, List.of(hostName + " ESMTP Sekisho"));
        this.routing = routing;
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
                hello,
                reversePath,
                routing.get(),
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
