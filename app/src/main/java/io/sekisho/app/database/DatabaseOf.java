package io.sekisho.app.database;

import io.sekisho.app.settings.Settings;
import io.sekisho.platform.db.Credentials;
import io.sekisho.platform.db.DatabaseSettings;
import io.sekisho.platform.db.EmbeddedLimits;
import io.sekisho.platform.db.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.Map;

/** The database that the settings speak of. */
public final class DatabaseOf {
    private DatabaseOf() {}

    /** The database. @throws IOException when a file with a password cannot be read */
    public static DatabaseSettings settings(Settings settings) throws IOException {
        return switch (settings.database()) {
            case Settings.Database.Embedded e ->
                new DatabaseSettings.Embedded(settings.data().resolve("postgres"), EmbeddedLimits.defaults());
            case Settings.Database.External e -> {
                Map<Login, Credentials> logins = new EnumMap<>(Login.class);
                for (Login login : Login.values()) {
                    Settings.DatabaseLogin of = e.logins().get(login.setting());
                    if (of == null) {
                        throw new IOException("no login for " + login.setting());
                    }
                    logins.put(login, new Credentials(of.user(), firstLine(of)));
                }
                yield new DatabaseSettings.External(e.url(), logins);
            }
        };
    }

    private static String firstLine(Settings.DatabaseLogin login) throws IOException {
        try (var lines = Files.lines(login.passwordFile())) {
            return lines.findFirst().orElse("").strip();
        }
    }
}
