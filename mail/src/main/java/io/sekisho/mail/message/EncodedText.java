package io.sekisho.mail.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Encodings of MIME: base64 and quoted-printable (RFC 2045 section 6), encoded-words (RFC 2047). */
public final class EncodedText {
    private static final int LINE = 76;
    private static final int WORD = 75;
    private static final byte[] CRLF = {'\r', '\n'};

    private EncodedText() {}

    /** The text in a charset. @throws IllegalArgumentException when the charset lacks one of its characters */
    public static byte[] octets(String text, Charset charset) {
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
            byte[] octets = new byte[encoded.remaining()];
            encoded.get(octets);
            return octets;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(charset + " cannot say: " + text, e);
        }
    }

    /** Lines of 76 characters, each with its CR LF. */
    public static byte[] base64(byte[] octets) {
        byte[] encoded = Base64.getMimeEncoder(LINE, CRLF).encode(octets);
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length + 2);
        out.writeBytes(encoded);
        out.writeBytes(CRLF);
        return out.toByteArray();
    }

    /** Text as quoted-printable, in lines of at most 76 characters; CR LF stays a line end, a CR or LF alone is encoded. */
    public static byte[] quotedPrintable(byte[] octets) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (int i = 0; i < octets.length; i++) {
            int octet = octets[i] & 0xff;
            if (octet == '\r' && i + 1 < octets.length && octets[i + 1] == '\n') {
                out.append("\r\n");
                i++;
                column = 0;
                continue;
            }
            boolean lineEnd = i + 1 == octets.length || octets[i + 1] == '\r';
            boolean plain = octet > 32 && octet < 127 && octet != '=' || octet == ' ' && !lineEnd;
            String piece = plain ? String.valueOf((char) octet) : String.format("=%02X", octet);
            if (column + piece.length() > LINE - 1) {
                out.append("=\r\n");
                column = 0;
            }
            out.append(piece);
            column += piece.length();
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The text as encoded-words, folded; no character is cut in two (RFC 2047 section 5). Each is at most 75 characters long. */
    public static String words(String text, Charset charset, boolean base64) {
        return words(text, charset, base64, 0);
    }

    /** The same, with the first line shorter by the characters that stand before it, such as the name of the field. */
    public static String words(String text, Charset charset, boolean base64, int before) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int room = out.isEmpty() ? WORD - before : WORD;
            int to = text.offsetByCodePoints(from, 1);
            String word = word(text.substring(from, to), charset, base64);
            while (to < text.length()) {
                int further = text.offsetByCodePoints(to, 1);
                String longer = word(text.substring(from, further), charset, base64);
                if (longer.length() > room) {
                    break;
                }
                word = longer;
                to = further;
            }
            out.append(out.isEmpty() ? "" : "\r\n ").append(word);
            from = to;
        }
        return out.toString();
    }

    private static String word(String text, Charset charset, boolean base64) {
        byte[] octets = octets(text, charset);
        String encoded = base64 ? Base64.getEncoder().encodeToString(octets) : q(octets);
        return "=?" + charset.name() + (base64 ? "?B?" : "?Q?") + encoded + "?=";
    }

    private static String q(byte[] octets) {
        StringBuilder out = new StringBuilder();
        for (byte b : octets) {
            int octet = b & 0xff;
            boolean plain =
                    octet >= '0' && octet <= '9' || octet >= 'A' && octet <= 'Z' || octet >= 'a' && octet <= 'z';
            out.append(octet == ' ' ? "_" : plain ? String.valueOf((char) octet) : String.format("=%02X", octet));
        }
        return out.toString();
    }
}
