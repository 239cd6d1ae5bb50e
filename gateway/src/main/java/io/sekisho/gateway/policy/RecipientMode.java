package io.sekisho.gateway.policy;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is done with recipients of a domain that its list does not have. */
public enum RecipientMode {
    /** They are refused. */
    LISTED,
    /** They are taken: every address of the domain is a recipient. */
    EVERYONE,
    /** The customer's server is asked, and its answer kept for a while (call-forward verification). */
    ASKED,
    /** The customer's server is asked, and whom it takes is put on the list, for a set time. */
    LEARNED;

    /** The word in settings and in the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mode in force: learning ends by itself. @param until when learning ends; null in other modes */
    RecipientMode at(Instant now, @Nullable Instant until) {
        return this == LEARNED && until != null && !now.isBefore(until) ? LISTED : this;
    }
}
