package io.sekisho.app.settings;

import java.util.function.Function;

/** What became of a text that should spell a value. */
public sealed interface Value<T> {
    /** It does. @param value what it spells */
    record Good<T>(T value) implements Value<T> {}

    /** It does not. @param why as a clause that follows the name of the setting, such as "is not a whole number" */
    record Bad<T>(String why) implements Value<T> {}

    /** Goes on with a good value. */
    default <U> Value<U> then(Function<T, Value<U>> next) {
        return switch (this) {
            case Good<T>(T value) -> next.apply(value);
            case Bad<T>(String why) -> new Bad<>(why);
        };
    }
}
