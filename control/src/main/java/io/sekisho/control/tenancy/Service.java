package io.sekisho.control.tenancy;

import java.util.Locale;

/** What can be ordered. */
public enum Service {
    /** Mail from the world to the tenant's servers. */
    INBOUND,
    /** Mail from the tenant's servers to the world. */
    OUTBOUND;

    /** The word in the database and in commands. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
