package io.sekisho.app.settings;

import java.nio.file.Path;

/**
 * Something in a file that we cannot go by.
 *
 * @param file where
 * @param line the line, from 1; 0 when it is about the whole file
 * @param what what is wrong, as a sentence without its full stop
 * @param remedy what to do, as a sentence without its full stop
 */
public record Problem(Path file, int line, String what, String remedy) {
    /** One line for a terminal. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + what + ". " + remedy + ".";
    }
}
