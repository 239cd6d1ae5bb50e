package io.sekisho.platform.db;

import java.util.Locale;

/** The four logins; migrations give rights to the roles by name. */
public enum Login {
    /** Owns the schema, runs migrations, is not bound by row-level security. */
    OWNER,
    /** The console and the API: one tenant at a time. */
    APP,
    /** The gateway: mail, queue and the settings it needs, of all tenants. */
    GATEWAY,
    /** The operator of the service; what it does is audited. */
    OPERATOR;

    /** The role in the database. */
    public String role() {
        return "sekisho_" + setting();
    }

    /** The word in settings. */
    public String setting() {
        return name().toLowerCase(Locale.ROOT);
    }
}
