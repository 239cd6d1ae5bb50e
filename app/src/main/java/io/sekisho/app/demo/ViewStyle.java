package io.sekisho.app.demo;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;

/**
 * How the live view looks.
 *
 * @param japanese whether it speaks Japanese, otherwise English
 * @param colour whether it may use the colours of a terminal
 * @param zone of the times it shows
 */
public record ViewStyle(boolean japanese, boolean colour, ZoneId zone) {
    /**
     * What suits a reader: Japanese for a Japanese one, English for all others; colours on a terminal that knows them, unless
     * NO_COLOR is set to anything (no-color.org).
     *
     * @param environment the environment variables
     * @param terminal whether the output goes to a terminal
     */
    public static ViewStyle of(Locale reader, Map<String, String> environment, boolean terminal, ZoneId zone) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new ViewStyle(reader.getLanguage().equals("ja"), terminal && !refused, zone);
    }
}
