package io.sekisho.mail.dkim;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.SigningKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the mail of a domain is signed.
 *
 * @param domain the signing domain, SDID (RFC 6376 section 3.5, d=)
 * @param keys each makes a signature of its own, in this order from the top
 * @param header how the header is canonicalized
 * @param body how the body is canonicalized
 * @param fields which header fields are signed
 * @param validity how long after signing the signature expires (x=), or null for never
 */
public record SigningPlan(
        DomainName domain,
        List<SigningKey> keys,
        Canonicalization header,
        Canonicalization body,
        SignedFields fields,
        @Nullable Duration validity) {
    /** Copies the list. @throws IllegalArgumentException when there is no key, or the validity is under a second */
    public SigningPlan {
        keys = List.copyOf(keys);
        if (keys.isEmpty() || validity != null && validity.toSeconds() < 1) {
            throw new IllegalArgumentException("signing needs a key, and a validity of at least a second");
        }
    }

    /** The usual way: relaxed both, the usual fields, no expiry. */
    public static SigningPlan of(DomainName domain, List<SigningKey> keys) {
        return new SigningPlan(
                domain, keys, Canonicalization.RELAXED, Canonicalization.RELAXED, SignedFields.DEFAULT, null);
    }

    /** The same with other canonicalizations. */
    public SigningPlan with(Canonicalization headerOne, Canonicalization bodyOne) {
        return new SigningPlan(domain, keys, headerOne, bodyOne, fields, validity);
    }

    /** The same with a validity. */
    public SigningPlan expiringAfter(Duration time) {
        return new SigningPlan(domain, keys, header, body, fields, time);
    }
}
