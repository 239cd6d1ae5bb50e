package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for mail exchangers (RFC 8461 section 3.2).
 *
 * @param domain the name, or what follows the wildcard
 * @param wildcard whether one label, any one, stands in front
 */
public record MxPattern(DomainName domain, boolean wildcard) {
    /** The pattern that the text spells; null when it spells none. */
    static @Nullable MxPattern parse(String text) {
        boolean wildcard = text.startsWith("*.");
        DomainName domain = text.endsWith(".") ? null : DomainName.parse(wildcard ? text.substring(2) : text);
        return domain == null ? null : new MxPattern(domain, wildcard);
    }

    /** Whether the host is meant (RFC 8461 section 4.1). */
    public boolean matches(DomainName host) {
        if (!wildcard) {
            return host.equals(domain);
        }
        int dot = host.ascii().indexOf('.');
        return dot > 0 && host.ascii().substring(dot + 1).equals(domain.ascii());
    }

    @Override
    public String toString() {
        return wildcard ? "*." + domain : domain.ascii();
    }
}
