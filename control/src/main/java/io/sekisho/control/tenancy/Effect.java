package io.sekisho.control.tenancy;

import org.jspecify.annotations.Nullable;

/**
 * What a change did.
 *
 * @param object what it changed, as the audit names it
 * @param before the old value, null when there was none
 * @param after the new one, null when there is none
 * @param recipientsOf the domain whose list has changed, null when something else has
 * @param changed how many things; 0 when nothing
 */
record Effect(
        String object,
        @Nullable String before,
        @Nullable String after,
        @Nullable String recipientsOf,
        int changed) {
    static Effect of(String object, @Nullable String before, @Nullable String after) {
        return new Effect(object, before, after, null, java.util.Objects.equals(before, after) ? 0 : 1);
    }
}
