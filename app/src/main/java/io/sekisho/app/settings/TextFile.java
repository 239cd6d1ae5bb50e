package io.sekisho.app.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of lines in UTF-8, with comments from {@code #} at the start of a line or after white space. */
final class TextFile {
    private TextFile() {}

    /**
     * A line that says something.
     *
     * @param number from 1
     * @param text without comment and white space around it
     */
    record Line(int number, String text) {}

    /** The lines that say something; problems are added to the list, and then there are none. */
    static List<Line> read(Path file, String purpose, long maxOctets, List<Problem> problems) {
        byte[] octets;
        try {
            if (Files.isDirectory(file)) {
                problems.add(new Problem(file, 0, "the " + purpose + " is a folder", "Name a file"));
                return List.of();
            }
            octets = read(file, maxOctets);
        } catch (NoSuchFileException e) {
            problems.add(new Problem(file, 0, "the " + purpose + " does not exist", "Make it, or name another"));
            return List.of();
        } catch (AccessDeniedException e) {
            problems.add(new Problem(
                    file, 0, "the " + purpose + " may not be read by this user", "Change its owner or its mode"));
            return List.of();
        } catch (IOException e) {
            problems.add(new Problem(
                    file, 0, "the " + purpose + " cannot be read: " + e.getMessage(), "Check the file and its disk"));
            return List.of();
        }
        if (octets.length > maxOctets) {
            problems.add(new Problem(
                    file,
                    0,
                    "the " + purpose + " has more than " + Sizes.show(maxOctets),
                    "Check that it is the right file, or split it"));
            return List.of();
        }
        return decode(file, purpose, octets, problems);
    }

    private static byte[] read(Path file, long maxOctets) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes((int) Math.min(Integer.MAX_VALUE - 16, maxOctets + 1));
        }
    }

    private static List<Line> decode(Path file, String purpose, byte[] octets, List<Problem> problems) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.add(new Problem(
                    file,
                    lineOfFirstBadOctet(octets),
                    "the " + purpose + " is not UTF-8 here",
                    "Save it as UTF-8 (an editor may have written Shift_JIS or UTF-16)"));
            return List.of();
        }
        String unmarked = text.startsWith("\ufeff") ? text.substring(1) : text;
        String[] raw = unmarked.split("\r\n|\n|\r", -1);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < raw.length; i++) {
            String said = withoutComment(raw[i]);
            if (!said.isEmpty()) {
                lines.add(new Line(i + 1, said));
            }
        }
        return lines;
    }

    private static int lineOfFirstBadOctet(byte[] octets) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(octets);
        var out = java.nio.CharBuffer.allocate(1024);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
            line += octets[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    private static String withoutComment(String line) {
        for (int i = 0; i < line.length(); i++) {
            boolean mark = line.charAt(i) == '#' || line.charAt(i) == '\uff03';
            if (mark && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
                return line.substring(0, i).strip();
            }
        }
        return line.strip();
    }
}
