package io.sekisho.mail.dkim.key;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list of {@code tag=value}, as in signatures and key records (RFC 6376 section 3.2). Names are case-sensitive. */
public final class TagList {
    private final Map<String, String> tags;

    private TagList(Map<String, String> tags) {
        this.tags = tags;
    }

    /** Reads a list, folded or not; null when it is none: a piece without "=", a bad name, the same name twice. */
    public static @Nullable TagList parse(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        int from = 0;
        while (from <= text.length()) {
            int semicolon = text.indexOf(';', from);
            int end = semicolon < 0 ? text.length() : semicolon;
            String tag = trim(text.substring(from, end));
            from = end + 1;
            if (tag.isEmpty()) {
                // only after the last semicolon may there be nothing
                if (semicolon < 0 && !tags.isEmpty()) {
                    break;
                }
                return null;
            }
            int equals = tag.indexOf('=');
            String name = equals < 0 ? "" : trim(tag.substring(0, equals));
            if (!isName(name) || tags.put(name, trim(tag.substring(equals + 1))) != null) {
                return null;
            }
        }
        return new TagList(Collections.unmodifiableMap(tags));
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean later = c >= '0' && c <= '9' || c == '_';
            if (!letter && (i == 0 || !later)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** The value of a tag without white space around it; null when the tag is not there. */
    public @Nullable String get(String name) {
        return tags.get(name);
    }

    /** The value without any white space, as base64 and lists of names are meant; null when the tag is not there. */
    public @Nullable String compact(String name) {
        String value = tags.get(name);
        return value == null ? null : value.replaceAll("[ \t\r\n]+", "");
    }

    /** The first tag's name: a key record's version counts only there (RFC 6376 section 3.6.1). */
    public String first() {
        return tags.keySet().iterator().next();
    }

    /** All tags in their order. */
    public Map<String, String> all() {
        return tags;
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && " \t\r\n".indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && " \t\r\n".indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }
}
