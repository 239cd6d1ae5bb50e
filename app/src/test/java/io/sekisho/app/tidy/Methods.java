package io.sekisho.app.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds methods and their lengths in a source that the formatter has been over: a member begins at an indent of one step a
 * level, and its body ends with a brace at the same indent.
 */
final class Methods {
    private static final Pattern BEGINNING = Pattern.compile(
            "^( {4}| {8})(?!(class|record|interface|enum|return|throw|new|if|for|while|switch|try|else|do|case|default|synchronized|yield|assert|@|//|\\*)\\b)[\\w@<].*[(].*");
    private static final Pattern TYPE = Pattern.compile("\\b(class|record|interface|enum)\\s+\\w+.*\\{\\s*$");

    private Methods() {}

    /**
     * A method or constructor.
     *
     * @param line where it begins, from 1
     * @param lines how many it has, signature and closing brace included
     */
    record Method(int line, int lines) {}

    static List<Method> of(List<String> lines) {
        List<Method> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!BEGINNING.matcher(line).matches() || TYPE.matcher(line).find()) {
                continue;
            }
            int end = endOfBody(lines, i);
            if (end > i) {
                found.add(new Method(i + 1, end - i + 1));
                i = end;
            }
        }
        return found;
    }

    /** The line of the closing brace; -1 when what begins here has no body of its own. */
    private static int endOfBody(List<String> lines, int from) {
        String indent = lines.get(from)
                .substring(
                        0,
                        lines.get(from).length()
                                - lines.get(from).stripLeading().length());
        boolean opened = false;
        for (int i = from; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!opened && line.endsWith(";") || !opened && line.endsWith("{}")) {
                return -1;
            }
            opened |= line.endsWith("{");
            if (i > from && line.equals(indent + "}")) {
                return i;
            }
        }
        return -1;
    }
}
