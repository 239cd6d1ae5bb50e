package io.sekisho.mail.dkim.key;

import io.sekisho.mail.address.DomainName;

/**
 * The name that tells one key of a domain from another (RFC 6376 section 3.1).
 *
 * @param name one or more labels of lower-case letters, digits and hyphens, at most 63 octets
 */
public record Selector(String name) {
    private static final int MAX_OCTETS = 63;

    /** Checks the form. @throws IllegalArgumentException when it is no selector */
    public Selector {
        DomainName parsed = DomainName.parse(name);
        if (parsed == null || !parsed.ascii().equals(name) || name.indexOf('_') >= 0 || name.length() > MAX_OCTETS) {
            throw new IllegalArgumentException("not a selector: " + name);
        }
    }

    /** Where the key record of this selector stands in DNS (RFC 6376 section 3.6.2.1), as text: it may be too long for a name. */
    public String recordName(DomainName domain) {
        return name + "._domainkey." + domain;
    }

    @Override
    public String toString() {
        return name;
    }
}
