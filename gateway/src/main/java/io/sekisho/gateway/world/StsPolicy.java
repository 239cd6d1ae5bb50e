package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import java.time.Duration;
import java.util.List;

/**
 * A policy of MTA-STS (RFC 8461 section 3.2).
 *
 * @param mode what a failure means
 * @param maxAge how long it may be kept
 * @param mx the mail exchangers of the domain; empty only in mode none
 * @param lines its text, for reports
 */
public record StsPolicy(Mode mode, Duration maxAge, List<MxPattern> mx, List<String> lines) {
    /** Takes copies. */
    public StsPolicy {
        mx = List.copyOf(mx);
        lines = List.copyOf(lines);
    }

    /** What a failure means (RFC 8461 section 5). */
    public enum Mode {
        /** No delivery to this host. */
        ENFORCE,
        /** It is reported only. */
        TESTING,
        /** There is no policy any more. */
        NONE
    }

    /** Whether a host is one of the domain's mail exchangers. */
    public boolean names(DomainName host) {
        return mx.stream().anyMatch(pattern -> pattern.matches(host));
    }
}
