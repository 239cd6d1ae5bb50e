package io.sekisho.platform.db;

import java.nio.file.Path;
import java.util.Map;

/** Which database is used. */
public sealed interface DatabaseSettings {
    /**
     * One that we bring, start and stop.
     *
     * @param directory the folder for its files
     * @param limits its bounds
     */
    record Embedded(Path directory, EmbeddedLimits limits) implements DatabaseSettings {}

    /**
     * One that somebody else runs; {@link DatabaseSetup#sql()} says how it is set up.
     *
     * @param url such as {@code jdbc:postgresql://db.example:5432/sekisho}
     * @param logins name and password of each login; the names are those of {@link Login#role()}
     */
    record External(String url, Map<Login, Credentials> logins) implements DatabaseSettings {
        /** Wants all four logins. */
        public External {
            logins = Map.copyOf(logins);
            for (Login login : Login.values()) {
                if (!logins.containsKey(login)) {
                    throw new IllegalArgumentException("no credentials for the login " + login.setting());
                }
            }
        }
    }
}
