package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer.Cause;
import java.net.InetSocketAddress;
import org.xbill.DNS.Rcode;

/** Tells answers from refusals by the response code (RFC 1035 section 4.1.1). */
final class AnswerCode {
    private AnswerCode() {}

    /** The answer when it is one, otherwise what failed. */
    static Reply check(Reply.Said said, InetSocketAddress server, Question<?> question) {
        int code = said.message().getRcode();
        String detail = "the DNS server " + server.getAddress().getHostAddress() + " answered " + Rcode.string(code)
                + " for " + question;
        return switch (code) {
            case Rcode.NOERROR, Rcode.NXDOMAIN -> said;
            case Rcode.SERVFAIL -> new Reply.Failed(Cause.SERVER_FAILURE, detail);
            case Rcode.REFUSED, Rcode.NOTAUTH -> new Reply.Failed(Cause.REFUSED, detail);
            default -> new Reply.Failed(Cause.MALFORMED, detail);
        };
    }
}
