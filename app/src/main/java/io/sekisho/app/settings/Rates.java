package io.sekisho.app.settings;

import io.sekisho.gateway.policy.RateLimit;

/** Limits of messages a minute, as people write them. */
public final class Rates {
    private static final String NONE = "none";

    private Rates() {}

    /** A whole number, or {@code none} for no limit. */
    public static Value<RateLimit> perMinute(String text) {
        if (FullWidth.fold(text).equalsIgnoreCase(NONE)) {
            return new Value.Good<>(new RateLimit.None());
        }
        return switch (Sizes.number(text, 1, RateLimit.PerMinute.MOST)) {
            case Value.Good<Integer>(Integer messages) -> new Value.Good<>(new RateLimit.PerMinute(messages));
            case Value.Bad<Integer>(String why) -> new Value.Bad<>(why + "; the word none means no limit");
        };
    }
}
