package io.sekisho.app.settings;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading a file.
 *
 * @param value what it says; empty when anything is wrong
 * @param rows what was understood, line by line, for the reader's eye
 * @param problems all that is wrong, in the order of the lines
 */
public record Reading<T>(Optional<T> value, List<Row> rows, List<Problem> problems) {
    /** Keeps copies. */
    public Reading {
        rows = List.copyOf(rows);
        problems = List.copyOf(problems);
    }

    /**
     * Something that was understood.
     *
     * @param name of the setting or domain
     * @param value in words
     * @param source where it comes from: "line 3", or "default"
     */
    public record Row(String name, String value, String source) {}
}
