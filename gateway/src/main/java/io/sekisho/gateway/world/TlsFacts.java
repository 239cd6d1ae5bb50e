package io.sekisho.gateway.world;

import io.sekisho.mail.dns.DnsName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS report says about the policy that was applied (RFC 8460 section 4.4).
 *
 * @param type the kind of policy
 * @param policy the policy: the TLSA records, or the lines of the MTA-STS policy
 * @param domain the policy domain: the TLSA base domain, or the domain of the recipient
 * @param mxPatterns the mail exchangers that an MTA-STS policy names; empty otherwise
 * @param failure what was wrong with the policy; null when nothing was
 */
public record TlsFacts(
        Type type,
        List<String> policy,
        DnsName domain,
        List<String> mxPatterns,
        @Nullable PolicyFailure failure) {
    /** Takes copies. */
    public TlsFacts {
        policy = List.copyOf(policy);
        mxPatterns = List.copyOf(mxPatterns);
    }

    /** Kinds of policies. */
    public enum Type {
        /** DANE. */
        TLSA("tlsa"),
        /** MTA-STS. */
        STS("sts"),
        /** There is none, or none that could be had. */
        NONE("no-policy-found");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** The policy type in a report. */
        public String word() {
            return word;
        }
    }
}
