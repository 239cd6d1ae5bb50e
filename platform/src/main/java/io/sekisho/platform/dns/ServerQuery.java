package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer.Cause;
import io.sekisho.platform.net.DnsSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Asks one server one question: over UDP, over TCP when the answer does not fit, without EDNS when the server knows none. */
final class ServerQuery {
    private final DnsSockets sockets;
    private final DnsLimits limits;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final Semaphore turns;

    ServerQuery(DnsSockets sockets, DnsLimits limits, LongSupplier nanos, RandomGenerator random) {
        this.sockets = sockets;
        this.limits = limits;
        this.nanos = nanos;
        this.random = random;
        this.turns = new Semaphore(limits.atOnce());
    }

    /** @param by when the time for everything is up, in the clock's nanoseconds; each step has a time-out of its own as well */
    Reply ask(InetSocketAddress server, Question<?> question, boolean recursion, long by) {
        try {
            if (!turns.tryAcquire(within(limits.waits().turn(), by).toMillis(), TimeUnit.MILLISECONDS)) {
                return new Reply.Failed(Cause.BUSY, "more than " + limits.atOnce() + " DNS questions at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Failed(Cause.BUSY, "the look-up was interrupted");
        }
        try {
            Reply reply = exchange(server, question, recursion, limits.udpOctets(), by);
            return formatNotKnown(reply) ? exchange(server, question, recursion, 0, by) : reply;
        } finally {
            turns.release();
        }
    }

    private static boolean formatNotKnown(Reply reply) {
        return reply instanceof Reply.Said said
                && (said.message().getRcode() == Rcode.FORMERR
                        || said.message().getRcode() == Rcode.NOTIMP
                        || said.message().getRcode() == Rcode.BADVERS);
    }

    private Reply exchange(InetSocketAddress server, Question<?> question, boolean recursion, int udpOctets, long by) {
        int id = random.nextInt(0x10000);
        byte[] query = question.octets(id, recursion, udpOctets);
        String who = "the DNS server " + server.getAddress().getHostAddress();
        try {
            Reply.Said first = sockets.udp(
                    server,
                    query,
                    octets -> said(question, id, octets),
                    within(limits.waits().udp(), by));
            if (!first.message().getHeader().getFlag(Flags.TC)) {
                return first;
            }
            byte[] octets = sockets.tcp(server, query, within(limits.waits().tcp(), by));
            Reply.Said whole = said(question, id, octets);
            return whole == null || whole.message().getHeader().getFlag(Flags.TC)
                    ? new Reply.Failed(Cause.MALFORMED, who + " gave no whole answer to " + question)
                    : whole;
        } catch (SocketTimeoutException e) {
            return new Reply.Failed(Cause.NO_ANSWER, who + " did not answer " + question);
        } catch (IOException e) {
            return new Reply.Failed(Cause.NO_ANSWER, who + " cannot be reached: " + e.getMessage());
        }
    }

    private static Reply.@Nullable Said said(Question<?> question, int id, byte[] octets) {
        Message message = question.answer(id, octets);
        return message == null
                ? null
                : new Reply.Said(message, octets.length, message.getHeader().getFlag(Flags.AD));
    }

    /** The time-out, or what is left of all the time if that is less. */
    private Duration within(Duration timeout, long by) {
        return Duration.ofNanos(Math.clamp(by - nanos.getAsLong(), 0, timeout.toNanos()));
    }
}
