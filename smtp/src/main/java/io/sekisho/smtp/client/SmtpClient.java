package io.sekisho.smtp.client;

import io.sekisho.mail.message.Content;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.IdleSessions.Way;
import io.sekisho.smtp.client.SessionOpener.Opened;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.TlsOutcome;
import io.sekisho.smtp.tls.TlsPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The SMTP client (RFC 5321, with PIPELINING, SIZE, 8BITMIME, CHUNKING, SMTPUTF8, DSN, LIMITS and STARTTLS where the server offers
 * them). Each call sends one message and waits for the end; any number of threads may call. Connections are kept for the next message to the same next hop under the same policy. How
 * many connections a next hop gets is up to the callers: as many as there are calls at one time.
 */
public final class SmtpClient implements MailSender, AutoCloseable {
    private static final Duration REAP_EVERY = Duration.ofSeconds(1);

    private final SessionOpener opener;
    private final ClientLimits limits;
    private final LongSupplier nanos;
    private final IdleSessions idle;
    private final Semaphore partings;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A client that is ready for work.
     *
     * @param helo our own name as EHLO gives it: a domain name or an address literal
     * @param connector opens the connections
     * @param limits all bounds
     * @param tls our side of TLS
     * @param nanos a clock for durations, in nanoseconds from any origin, such as {@code System::nanoTime}
     * @throws IllegalArgumentException when the name cannot stand in a command
     */
    public SmtpClient(String helo, Connector connector, ClientLimits limits, ClientTls tls, LongSupplier nanos) {
        if (helo.isEmpty() || helo.length() > 255 || !helo.chars().allMatch(c -> c > 32 && c < 127)) {
            throw new IllegalArgumentException("no name for EHLO: " + helo);
        }
        this.opener = new SessionOpener(helo, connector, limits, tls, nanos);
        this.limits = limits;
        this.nanos = nanos;
        this.idle = new IdleSessions(limits.kept());
        this.partings = new Semaphore(limits.kept().partings());
        Thread.ofVirtual().name("smtp-client-reaper").start(this::reapUntilClosed);
    }

    /**
     * Sends the content to all recipients of the envelope: in one mail transaction, or in several when the server takes fewer
     * recipients in one (RFC 9422). If the connection fails in one of those after the first, its recipients and all later
     * ones have a 4yz reply that we made. A connection kept from an earlier message that turns out to be dead before the
     * server has replied to MAIL is replaced by a new one, once.
     *
     * @throws java.io.UncheckedIOException when the content cannot be read; the server was not given the end of it
     */
    @Override
    public Transmission send(NextHop hop, TlsPolicy tls, Envelope envelope, Content content) {
        var way = new Way(hop, tls);
        long end = nanos.getAsLong() + limits.waits().transmission().toNanos();
        Transmission sent = sendSome(way, envelope, 0, content, end);
        return sent instanceof Transmission.Replied begun
                        && begun.replies().size() < envelope.recipients().size()
                ? sendRest(way, envelope, begun, content, end)
                : sent;
    }

    private Transmission sendRest(Way way, Envelope envelope, Transmission.Replied begun, Content content, long end) {
        List<RemoteReply> replies = new ArrayList<>(begun.replies());
        int all = envelope.recipients().size();
        while (replies.size() < all) {
            int left = all - replies.size();
            try {
                switch (sendSome(way, envelope, replies.size(), content, end)) {
                    case Transmission.Replied more -> replies.addAll(more.replies());
                    case Transmission.Unreachable(String detail, TlsOutcome tls) ->
                        replies.addAll(Collections.nCopies(left, SaidEnvelope.local(451, 4, 1, detail)));
                    case Transmission.Lost(String detail, boolean contentSent, TlsOutcome tls) ->
                        replies.addAll(Collections.nCopies(left, SaidEnvelope.local(451, 4, 2, detail)));
                }
            } catch (UncheckedIOException e) {
                replies.addAll(
                        Collections.nCopies(left, SaidEnvelope.local(451, 3, 0, String.valueOf(e.getMessage()))));
            }
        }
        return new Transmission.Replied(replies, begun.server(), begun.tls());
    }

    /** One mail transaction for the recipients from an index on, as many as the server takes. */
    private Transmission sendSome(Way way, Envelope envelope, int from, Content content, long end) {
        ClientSession kept = idle.take(way, nanos.getAsLong());
        if (kept != null) {
            kept.resume(end);
            Transmission sent = transmit(way, kept, envelope, from, content);
            if (sent != null) {
                return sent;
            }
        }
        return switch (opener.open(way.hop(), way.policy(), end)) {
            case Opened.Not(Transmission.Unreachable why) -> why;
            case Opened.Ready(ClientSession fresh) -> {
                Transmission sent = transmit(way, fresh, envelope, from, content);
                if (sent == null) {
                    throw new IllegalStateException("only a kept connection can be replaced");
                }
                yield sent;
            }
        };
    }

    /** One transaction. @return null when a kept session turned out to be dead and nothing has happened */
    private @Nullable Transmission transmit(
            Way way, ClientSession session, Envelope envelope, int from, Content content) {
        int to = from + envelope.together(from, session.capabilities().limits());
        var transaction = new OutgoingTransaction(session, envelope.part(from, to), content);
        boolean done = false;
        try {
            if (session.kept() && session.spokeOutOfTurn()) {
                return null;
            }
            Transmission result = transaction.run();
            done = transaction.reusable();
            return result;
        } catch (IOException e) {
            boolean replaceable = session.kept() && !transaction.mailAnswered();
            return replaceable
                    ? null
                    : new Transmission.Lost(session.failure(e), transaction.contentSent(), session.tls());
        } finally {
            if (done) {
                keep(way, session);
            } else {
                session.close();
            }
        }
    }

    private void keep(Way way, ClientSession session) {
        if (!session.finished()) {
            part(session);
            return;
        }
        session.park(nanos.getAsLong());
        if (!idle.keep(way, session)) {
            part(session);
        }
    }

    /** Says goodbye, on another thread: no message waits for it. */
    private void part(ClientSession session) {
        if (!partings.tryAcquire()) {
            session.close();
            return;
        }
        Thread.ofVirtual().name("smtp-client-quit").start(() -> {
            try {
                session.quit();
            } finally {
                partings.release();
            }
        });
    }

    private void reapUntilClosed() {
        try {
            while (!closed.await(REAP_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                reap();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives up the connections that have been idle for too long. */
    void reap() {
        idle.removeStale(nanos.getAsLong()).forEach(this::part);
    }

    /** Connections that are kept now. */
    int idleConnections() {
        return idle.count();
    }

    /** Ends all kept connections and keeps no more. Transmissions under way go on to their end. */
    @Override
    public void close() {
        closed.countDown();
        idle.close().forEach(this::part);
    }
}
