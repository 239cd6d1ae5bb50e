package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Asks the resolvers one after another until one of them knows. The one that knew last is asked first. */
final class Recursion {
    private final List<DnsServer> servers;
    private final ServerQuery query;
    private final DnsLimits limits;
    private final LongSupplier nanos;
    private volatile int first;

    Recursion(List<DnsServer> servers, ServerQuery query, DnsLimits limits, LongSupplier nanos) {
        this.servers = List.copyOf(servers.subList(0, Math.min(limits.servers(), servers.size())));
        this.query = query;
        this.limits = limits;
        this.nanos = nanos;
    }

    /** @param by when the time is up, in the clock's nanoseconds */
    Reply ask(Question<?> question, long by) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            order.add((first + i) % servers.size());
        }
        Reply.Failed failed = new Reply.Failed(Cause.NO_ANSWER, "the time for " + question + " is up");
        for (int attempt = 0; attempt < limits.tries() && !order.isEmpty(); attempt++) {
            for (int index : List.copyOf(order)) {
                if (by - nanos.getAsLong() <= 0) {
                    return failed;
                }
                switch (useful(servers.get(index), question, by)) {
                    case Reply.Said said -> {
                        first = index;
                        return said;
                    }
                    case Reply.Failed trouble -> {
                        failed = trouble;
                        // only silence is worth another try
                        if (trouble.cause() != Cause.NO_ANSWER) {
                            order.removeIf(i -> i == index);
                        }
                    }
                }
            }
        }
        return failed;
    }

    private Reply useful(DnsServer server, Question<?> question, long by) {
        return switch (query.ask(server.address(), question, true, by)) {
            case Reply.Failed failed -> failed;
            case Reply.Said said -> {
                Reply checked = AnswerCode.check(said, server.address(), question);
                yield checked instanceof Reply.Said && said.validated() && !server.trusted()
                        ? new Reply.Said(said.message(), said.octets(), false)
                        : checked;
            }
        };
    }
}
