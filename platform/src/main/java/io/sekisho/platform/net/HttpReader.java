package io.sekisho.platform.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads one HTTP/1.1 response (RFC 9112), within bounds; anything doubtful is malformed. For one thread, once. */
final class HttpReader {
    private static final int OK = 200;

    /** The response is none, or too large. */
    private static final class Unreadable extends Exception {
        private final HttpsAnswer.Cause cause;

        Unreadable(HttpsAnswer.Cause cause, String message) {
            super(message, null, false, false);
            this.cause = cause;
        }
    }

    private final InputStream in;
    private final HttpsLimits limits;
    private int headLeft;

    HttpReader(InputStream in, HttpsLimits limits) {
        this.in = in;
        this.limits = limits;
        this.headLeft = limits.headOctets();
    }

    HttpsAnswer read() throws IOException {
        try {
            int status;
            Map<String, String> fields;
            do {
                status = status(line());
                fields = fields();
            } while (status < 200);
            String type = fields.getOrDefault("content-type", "");
            String mediaType = type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
            return new HttpsAnswer.Said(status, mediaType, status == OK ? body(fields) : "");
        } catch (Unreadable e) {
            return new HttpsAnswer.Failed(e.cause, String.valueOf(e.getMessage()));
        }
    }

    private static int status(String line) throws Unreadable {
        if (line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
            return Integer.parseInt(line.substring(9, 12));
        }
        throw malformed("no status line of HTTP");
    }

    /** Header fields by lower-case name up to the empty line; one that comes twice has its values with a comma between. */
    private Map<String, String> fields() throws IOException, Unreadable {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
                throw malformed("a header field cannot be read");
            }
            fields.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, two) -> one + ", " + two);
        }
        return fields;
    }

    private String body(Map<String, String> fields) throws IOException, Unreadable {
        String coding = fields.get("transfer-encoding");
        String length = fields.get("content-length");
        if (fields.containsKey("content-encoding") || coding != null && length != null) {
            throw malformed("the content is coded in a way that was not asked for");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw malformed("unknown transfer coding");
            }
            chunks(body);
        } else if (length != null) {
            take(number(length, 10), body);
        } else {
            toEnd(body);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private void chunks(ByteArrayOutputStream body) throws IOException, Unreadable {
        while (true) {
            int size = number(line().split(";", -1)[0].strip(), 16);
            if (size == 0) {
                return;
            }
            take(size, body);
            if (!line().isEmpty()) {
                throw malformed("a chunk is longer than it says");
            }
        }
    }

    private void take(int octets, ByteArrayOutputStream body) throws IOException, Unreadable {
        if (octets > limits.bodyOctets() - body.size()) {
            throw tooLarge();
        }
        byte[] taken = in.readNBytes(octets);
        if (taken.length < octets) {
            throw malformed("the connection was closed before the content was complete");
        }
        body.writeBytes(taken);
    }

    private void toEnd(ByteArrayOutputStream body) throws IOException, Unreadable {
        body.writeBytes(in.readNBytes(limits.bodyOctets() + 1));
        if (body.size() > limits.bodyOctets()) {
            throw tooLarge();
        }
    }

    private static int number(String text, int radix) throws Unreadable {
        if (text.matches("[0-9a-fA-F]{1,9}")) {
            try {
                return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(text, radix));
            } catch (NumberFormatException e) {
                throw malformed("no length: " + text);
            }
        }
        throw malformed("no length");
    }

    /** A line without its end, which is CR LF or a bare LF (RFC 9112 section 2.2). */
    private String line() throws IOException, Unreadable {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw malformed("the connection was closed before the answer was complete");
            }
            if (--headLeft < 0) {
                throw new Unreadable(HttpsAnswer.Cause.TOO_LARGE, "status line and header fields are too large");
            }
            if (octet == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(octet);
        }
    }

    private Unreadable tooLarge() {
        return new Unreadable(
                HttpsAnswer.Cause.TOO_LARGE, "the content is larger than " + limits.bodyOctets() + " octets");
    }

    private static Unreadable malformed(String what) {
        return new Unreadable(HttpsAnswer.Cause.MALFORMED, what);
    }
}
