package io.sekisho.app.demo;

import io.sekisho.mail.message.EncodedText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a sample mail. Its file is UTF-8 with LF, so that people can read and change it; the octets of the mail are made from it.
 *
 * <p>First come {@code name: value} lines: {@code host}, {@code from} (empty: null reverse-path), {@code to} (with commas),
 * {@code ja}, {@code en}, and where they differ from the usual {@code language} (ja), {@code expect} (taken, partly, refused)
 * and {@code ends} (crlf, bare-lf). After a line {@code ---} comes the mail, in which
 *
 * <ul>
 *   <li>{@code [[word UTF-8 B text]]} within a line becomes encoded-words (RFC 2047), with B or Q;
 *   <li>{@code [[repeat 300 text]]} within a line stands for the text so many times;
 *   <li>a line {@code [[base64 UTF-8}, lines of text and a line {@code ]]} become a body in that charset and encoding; so do
 *       {@code quoted-printable} and {@code raw}, which leaves the charset's octets as they are;
 *   <li>a line {@code [[made png]]} becomes the base64 of octets made by {@link MadeOctets}, with a number where a size is needed.
 * </ul>
 */
final class SampleFile {
    private static final Set<String> NAMES = Set.of("host", "from", "to", "ja", "en", "language", "expect", "ends");
    private static final Pattern WORD = Pattern.compile("\\[\\[word (\\S+) ([BQ]) (.*?)]]");
    private static final Pattern REPEAT = Pattern.compile("\\[\\[repeat (\\d+) (.*?)]]");
    private static final Pattern BLOCK = Pattern.compile("\\[\\[(base64|quoted-printable|raw) (\\S+)");
    private static final Pattern MADE = Pattern.compile("\\[\\[made (\\S+?)(?: (\\d+))?]]");

    private SampleFile() {}

    /** The mail that the text describes. @throws IllegalArgumentException when it says something unknown */
    static DemoMail parse(String name, String text) {
        List<String> lines = text.lines().toList();
        int cut = lines.indexOf("---");
        if (cut < 0) {
            throw new IllegalArgumentException(name + " has no line ---");
        }
        Map<String, String> head = head(name, lines.subList(0, cut));
        List<String> body = lines.subList(cut + 1, lines.size());
        String end = head.getOrDefault("ends", "crlf").equals("bare-lf") ? "\n" : "\r\n";
        return new DemoMail(
                name,
                value(name, head, "host"),
                value(name, head, "from"),
                Arrays.stream(value(name, head, "to").split(","))
                        .map(String::strip)
                        .toList(),
                value(name, head, "ja"),
                value(name, head, "en"),
                head.getOrDefault("language", "en").equals("ja"),
                DemoMail.Expected.valueOf(head.getOrDefault("expect", "taken").toUpperCase(Locale.ROOT)),
                () -> octets(body, end));
    }

    private static Map<String, String> head(String name, List<String> lines) {
        Map<String, String> head = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 0 || !NAMES.contains(line.substring(0, colon))) {
                throw new IllegalArgumentException(name + " begins with an unknown line: " + line);
            }
            head.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return head;
    }

    private static String value(String name, Map<String, String> head, String key) {
        String value = head.get(key);
        if (value == null) {
            throw new IllegalArgumentException(name + " has no line " + key);
        }
        return value;
    }

    private static byte[] octets(List<String> lines, String end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher block = BLOCK.matcher(line);
            Matcher made = MADE.matcher(line);
            if (block.matches()) {
                List<String> inside = new ArrayList<>();
                for (i++; !lines.get(i).equals("]]"); i++) {
                    inside.add(repeated(lines.get(i)));
                }
                out.writeBytes(block(block.group(1), Charset.forName(block.group(2)), inside));
            } else if (made.matches()) {
                int size = made.group(2) == null ? 0 : Integer.parseInt(made.group(2));
                out.writeBytes(EncodedText.base64(MadeOctets.of(made.group(1), size)));
            } else {
                out.writeBytes((words(repeated(line)) + end).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static byte[] block(String encoding, Charset charset, List<String> lines) {
        byte[] octets = EncodedText.octets(String.join("\r\n", lines) + "\r\n", charset);
        return switch (encoding) {
            case "base64" -> EncodedText.base64(octets);
            case "quoted-printable" -> EncodedText.quotedPrintable(octets);
            default -> octets;
        };
    }

    private static String words(String line) {
        return WORD.matcher(line)
                .replaceAll(found -> Matcher.quoteReplacement(EncodedText.words(
                        found.group(3),
                        Charset.forName(found.group(1)),
                        found.group(2).equals("B"))));
    }

    private static String repeated(String line) {
        return REPEAT.matcher(line)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(2).repeat(Integer.parseInt(found.group(1)))));
    }
}
