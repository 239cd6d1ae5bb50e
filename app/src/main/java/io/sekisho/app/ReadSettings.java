package io.sekisho.app;

import io.sekisho.app.settings.Problem;
import io.sekisho.app.settings.Reading;
import io.sekisho.app.settings.RouteLine;
import io.sekisho.app.settings.RoutesLimits;
import io.sekisho.app.settings.RoutesReader;
import io.sekisho.app.settings.Settings;
import io.sekisho.app.settings.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings and routes, read together.
 *
 * @param source which file the settings come from, in words
 * @param settings as read
 * @param routes as read; empty when the settings do not say where they stand
 */
record ReadSettings(String source, Reading<Settings> settings, Optional<Reading<List<RouteLine>>> routes) {
    /** Read when {@code --config} is not given. */
    static final String STANDARD_FILE = "sekisho.conf";

    private static final String ROUTES = "routes";
    private static final String DEFAULT = "default";

    /** Reads both. @param config the file named on the command line; none: {@value #STANDARD_FILE} if there is one, else defaults */
    static ReadSettings read(@Nullable Path config, Console console) {
        Path file = console.folder().resolve(config == null ? Path.of(STANDARD_FILE) : config);
        boolean standard = config == null && !Files.exists(file);
        Reading<Settings> settings = standard
                ? SettingsReader.standard(console.folder(), console.localHostName())
                : SettingsReader.read(file, console.localHostName());
        Optional<Reading<List<RouteLine>>> routes = settings.value().map(good -> routes(good, settings.rows()));
        String source = standard ? "no " + STANDARD_FILE + " in " + console.folder() + ": defaults" : file.toString();
        return new ReadSettings(source, settings, routes);
    }

    /** A routes file that nobody named need not be there: then all domains are those of tenants in the database. */
    private static Reading<List<RouteLine>> routes(Settings settings, List<Reading.Row> rows) {
        boolean named = rows.stream()
                .noneMatch(row -> row.name().equals(ROUTES) && row.source().equals(DEFAULT));
        if (!named && !Files.exists(settings.routes())) {
            return new Reading<>(Optional.of(List.of()), List.of(), List.of());
        }
        return RoutesReader.read(settings.routes(), settings.smtp().listen(), RoutesLimits.DEFAULT);
    }

    /** All that is wrong. */
    List<Problem> problems() {
        return Stream.concat(
                        settings.problems().stream(), routes.stream().flatMap(reading -> reading.problems().stream()))
                .toList();
    }
}
