package io.sekisho.smtp.server;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.DsnOptions.Returned;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.PathParser;
import io.sekisho.smtp.PathParser.Parsed;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.RecipientParameters.Notify;
import io.sekisho.smtp.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Understands command lines. Pure, in linear time, and never throws whatever the octets. As strict as RFC 5321, but one
 * space after the colon of MAIL and RCPT and spaces at the end of a line are let pass, as clients in use write them.
 */
final class CommandParser {
    private static final Command DATA = new Command.Data();
    private static final Command RSET = new Command.Rset();
    private static final Command NOOP = new Command.Noop();
    private static final Command VRFY = new Command.Vrfy();
    private static final Command HELP = new Command.Help();
    private static final Command STARTTLS = new Command.StartTls();
    private static final Command QUIT = new Command.Quit();
    private static final Command FOREIGN = new Command.Foreign();
    private static final Command BARE_LINE_END =
            malformed(500, "5.5.2", "bare CR or bare LF in a command; a line ends with CR LF");
    private static final Command CONTROL = malformed(500, "5.5.2", "control character in a command");
    private static final Command NOT_ASCII = malformed(500, "5.5.2", "a command is in ASCII");
    private static final Command UNKNOWN = malformed(500, "5.5.1", "command not recognized");
    private static final Command NOT_OFFERED = malformed(502, "5.5.1", "command not implemented");
    private static final Command NO_ARGUMENT = malformed(501, "5.5.4", "this command takes no argument");
    private static final Command ARGUMENT_MISSING = malformed(501, "5.5.4", "this command needs an argument");
    private static final Command HELLO_NAME = malformed(501, "5.5.4", "give your name in at most 255 octets");
    private static final Command MAIL_SYNTAX = malformed(501, "5.5.4", "say MAIL FROM:<address>");
    private static final Command RCPT_SYNTAX = malformed(501, "5.5.4", "say RCPT TO:<address>");
    private static final Command PARAMETER_UNKNOWN = malformed(555, "5.5.4", "parameter not recognized");
    private static final Command SIZE_SYNTAX = malformed(501, "5.5.4", "SIZE takes a number, once");
    private static final Command BODY_SYNTAX = malformed(501, "5.5.4", "BODY takes 7BIT or 8BITMIME, once");
    private static final Command UTF8_SYNTAX = malformed(501, "5.5.4", "SMTPUTF8 takes no value, once");
    private static final Command RET_SYNTAX = malformed(501, "5.5.4", "RET takes FULL or HDRS, once");
    private static final Command ENVID_SYNTAX =
            malformed(501, "5.5.4", "ENVID takes xtext of at most 100 characters, once");
    private static final Command NOTIFY_SYNTAX =
            malformed(501, "5.5.4", "NOTIFY takes NEVER or a list of SUCCESS, FAILURE, DELAY, once");
    private static final Command ORCPT_SYNTAX =
            malformed(501, "5.5.4", "ORCPT takes a type and an address in xtext, at most 500 octets, once");
    private static final Command NOT_UTF8 = malformed(553, "5.6.7", "an address beyond ASCII is in UTF-8");
    private static final Command NEEDS_SMTPUTF8 = new Command.Malformed(SessionReplies.NEEDS_SMTPUTF8);
    private static final Command UNFRAMED = new Command.Unframed();
    private static final Command NO_BARE_SENDER = malformed(501, "5.1.7", "the address has no @ and domain");
    private static final Command NO_NULL_RECIPIENT = malformed(501, "5.1.3", "a recipient cannot be <>");
    private static final int MAX_HELLO = 255;
    private static final int MAX_SIZE_DIGITS = 20;

    private final Mailbox postmaster;

    /** @param hostName our own name: the domain of {@code <postmaster>} */
    CommandParser(String hostName) {
        this.postmaster = new Mailbox("postmaster", hostName.toLowerCase(Locale.ROOT));
    }

    private static Command malformed(int code, String status, String text) {
        return new Command.Malformed(Reply.of(code, status, text));
    }

    /** The command in a line. @param line octets as characters 0 to 255, without the CR LF */
    Command parse(String line) {
        return parse(line.getBytes(StandardCharsets.ISO_8859_1), 0, line.length());
    }

    /** The command in octets {@code from} to {@code to}, the line without its CR LF. */
    Command parse(byte[] octets, int from, int to) {
        boolean ascii = true;
        for (int i = from; i < to; i++) {
            byte b = octets[i];
            if (b == '\r' || b == '\n') {
                return BARE_LINE_END;
            }
            if (b >= 0 && b < 32 || b == 127) {
                return CONTROL;
            }
            ascii &= b >= 0;
        }
        int end = to;
        while (end > from && octets[end - 1] == ' ') {
            end--;
        }
        String line = new String(octets, from, end - from, StandardCharsets.ISO_8859_1);
        int space = line.indexOf(' ');
        int verbEnd = space < 0 ? line.length() : space;
        if (!ascii) {
            if (verbEnd != 4 || !verb(line, "MAIL") && !verb(line, "RCPT") && !verb(line, "VRFY")) {
                return NOT_ASCII;
            }
            String decoded = utf8(octets, from, end);
            if (decoded == null) {
                return NOT_UTF8;
            }
            line = decoded;
        }
        return verbEnd == 4 ? fourLetters(line) : other(line.substring(0, verbEnd), line);
    }

    /** The text in UTF-8; null when it is none. */
    private static @Nullable String utf8(byte[] octets, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean verb(String line, String verb) {
        return line.regionMatches(true, 0, verb, 0, 4);
    }

    private Command fourLetters(String line) {
        boolean bare = line.length() == 4;
        return switch (line.charAt(0) & 0xdf) {
            case 'M' -> verb(line, "MAIL") ? mail(line) : UNKNOWN;
            case 'R' -> verb(line, "RCPT") ? rcpt(line) : verb(line, "RSET") ? alone(bare, RSET) : UNKNOWN;
            case 'D' -> verb(line, "DATA") ? alone(bare, DATA) : UNKNOWN;
            case 'E' ->
                verb(line, "EHLO")
                        ? hello(line, true)
                        : verb(line, "EXPN") || verb(line, "ETRN") ? NOT_OFFERED : UNKNOWN;
            case 'H' ->
                verb(line, "HELO") ? hello(line, false) : verb(line, "HELP") ? HELP : other(line.substring(0, 4), line);
            case 'Q' -> verb(line, "QUIT") ? alone(bare, QUIT) : UNKNOWN;
            case 'N' -> verb(line, "NOOP") ? NOOP : UNKNOWN;
            case 'V' -> verb(line, "VRFY") ? vrfy(line) : UNKNOWN;
            case 'B' -> verb(line, "BDAT") ? bdat(line) : UNKNOWN;
            case 'A', 'S', 'T' ->
                verb(line, "AUTH")
                                || verb(line, "TURN")
                                || verb(line, "SEND")
                                || verb(line, "SOML")
                                || verb(line, "SAML")
                        ? NOT_OFFERED
                        : UNKNOWN;
            default -> other(line.substring(0, 4), line);
        };
    }

    private static Command other(String verb, String line) {
        return switch (verb.toUpperCase(Locale.ROOT)) {
            case "GET", "PUT", "HEAD", "POST", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "PRI" ->
                line.contains("HTTP/") || line.contains("http/") ? FOREIGN : UNKNOWN;
            case "HOST:", "USER-AGENT:", "PROXY" -> FOREIGN;
            case "STARTTLS" -> alone(line.length() == verb.length(), STARTTLS);
            default -> verb.startsWith("SSH-") ? FOREIGN : UNKNOWN;
        };
    }

    /** A name beyond ASCII needs the parameter (RFC 6531 section 3.7.4.2). */
    private static Command vrfy(String line) {
        if (line.length() == 4) {
            return ARGUMENT_MISSING;
        }
        boolean utf8 = line.regionMatches(true, line.length() - 9, " SMTPUTF8", 0, 9);
        return utf8 || line.chars().allMatch(c -> c < 128) ? VRFY : NEEDS_SMTPUTF8;
    }

    private static Command bdat(String line) {
        int from = skipSpaces(line, 4);
        int space = line.indexOf(' ', from);
        int to = space < 0 ? line.length() : space;
        long size = number(line, from, to);
        int word = skipSpaces(line, to);
        boolean last = line.length() - word == 4 && line.regionMatches(true, word, "LAST", 0, 4);
        return size < 0 || !last && word < line.length() ? UNFRAMED : new Command.Bdat(size, last);
    }

    private static Command alone(boolean bare, Command command) {
        return bare ? command : NO_ARGUMENT;
    }

    private static Command hello(String line, boolean extended) {
        int from = skipSpaces(line, 4);
        if (from == line.length() || line.length() - from > MAX_HELLO) {
            return HELLO_NAME;
        }
        String argument = line.substring(from);
        return extended ? new Command.Ehlo(argument) : new Command.Helo(argument);
    }

    private static int skipSpaces(String line, int from) {
        int i = from;
        while (i < line.length() && line.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    private static Command mail(String line) {
        if (!line.regionMatches(true, 4, " FROM:", 0, 6)) {
            return MAIL_SYNTAX;
        }
        return switch (PathParser.parse(line, pathStart(line, 10))) {
            case Parsed.Null(int end) -> mailParameters(new ReversePath.Null(), line, end);
            case Parsed.Of(Mailbox mailbox, int end) -> mailParameters(new ReversePath.Of(mailbox), line, end);
            case Parsed.Postmaster p -> NO_BARE_SENDER;
            case Parsed.Wrong(String reason) -> malformed(501, "5.1.7", reason);
        };
    }

    private Command rcpt(String line) {
        if (!line.regionMatches(true, 4, " TO:", 0, 4)) {
            return RCPT_SYNTAX;
        }
        return switch (PathParser.parse(line, pathStart(line, 8))) {
            case Parsed.Null n -> NO_NULL_RECIPIENT;
            case Parsed.Of(Mailbox mailbox, int end) -> rcptParameters(mailbox, line, end);
            case Parsed.Postmaster(int end) -> rcptParameters(postmaster, line, end);
            case Parsed.Wrong(String reason) -> malformed(501, "5.1.3", reason);
        };
    }

    private static int pathStart(String line, int afterColon) {
        return afterColon < line.length() && line.charAt(afterColon) == ' ' ? afterColon + 1 : afterColon;
    }

    private static Command rcptParameters(Mailbox mailbox, String line, int end) {
        if (end == line.length()) {
            return new Command.Rcpt(mailbox, RecipientParameters.NONE);
        }
        var said = new RcptWords();
        Command wrong = words(line, end, RCPT_SYNTAX, said);
        return wrong != null ? wrong : new Command.Rcpt(mailbox, new RecipientParameters(said.notify, said.original));
    }

    private static Command mailParameters(ReversePath path, String line, int from) {
        var said = new MailWords();
        Command wrong = words(line, from, MAIL_SYNTAX, said);
        if (wrong != null) {
            return wrong;
        }
        if (!said.utf8 && path instanceof ReversePath.Of(Mailbox mailbox) && mailbox.international()) {
            return NEEDS_SMTPUTF8;
        }
        var dsn = new DsnOptions(said.returned, said.envelopeId);
        return new Command.Mail(path, new MailParameters(Math.max(0, said.size), said.body == 1, said.utf8, dsn));
    }

    /** Takes the parameters of a command one by one. */
    private interface Words {
        /** @param value what stands behind the equals sign, null when there is none @return null when it is right */
        @Nullable
        Command take(String keyword, @Nullable String value);
    }

    /** Reads parameters, each with a space before it (RFC 5321 section 4.1.2). @return null when all are right */
    private static @Nullable Command words(String line, int from, Command syntax, Words words) {
        int at = from;
        while (at < line.length()) {
            if (line.charAt(at) != ' ') {
                return syntax;
            }
            int start = skipSpaces(line, at);
            int space = line.indexOf(' ', start);
            at = space < 0 ? line.length() : space;
            int equals = line.indexOf('=', start);
            int end = equals < 0 || equals > at ? at : equals;
            String value = end == at ? null : line.substring(end + 1, at);
            Command wrong = words.take(line.substring(start, end).toUpperCase(Locale.ROOT), value);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static final class MailWords implements Words {
        private long size = -1;
        private int body = -1;
        private boolean utf8;
        private Returned returned = Returned.UNSAID;
        private String envelopeId = "";

        @Override
        public @Nullable Command take(String keyword, @Nullable String value) {
            if (keyword.equals("SMTPUTF8")) {
                boolean wrong = utf8 || value != null;
                utf8 = true;
                return wrong ? UTF8_SYNTAX : null;
            }
            if (value == null) {
                return PARAMETER_UNKNOWN;
            }
            return switch (keyword) {
                case "SIZE" -> {
                    boolean first = size < 0;
                    size = number(value, 0, value.length());
                    yield first && size >= 0 ? null : SIZE_SYNTAX;
                }
                case "BODY" -> {
                    boolean first = body < 0;
                    body = body(value);
                    yield first && body >= 0 ? null : BODY_SYNTAX;
                }
                case "RET" -> {
                    Returned wanted = DsnOptions.returned(value);
                    boolean right = returned == Returned.UNSAID && wanted != null;
                    returned = wanted == null ? Returned.UNSAID : wanted;
                    yield right ? null : RET_SYNTAX;
                }
                case "ENVID" -> {
                    boolean right = envelopeId.isEmpty() && DsnOptions.isEnvelopeId(value);
                    envelopeId = right ? value : "";
                    yield right ? null : ENVID_SYNTAX;
                }
                default -> PARAMETER_UNKNOWN;
            };
        }
    }

    private static final class RcptWords implements Words {
        private Set<Notify> notify = Set.of();
        private String original = "";

        @Override
        public @Nullable Command take(String keyword, @Nullable String value) {
            if (value == null) {
                return PARAMETER_UNKNOWN;
            }
            return switch (keyword) {
                case "NOTIFY" -> {
                    Set<Notify> wanted = RecipientParameters.notices(value);
                    boolean right = notify.isEmpty() && wanted != null;
                    notify = wanted == null ? Set.of() : wanted;
                    yield right ? null : NOTIFY_SYNTAX;
                }
                case "ORCPT" -> {
                    boolean right = original.isEmpty() && RecipientParameters.isOriginalRecipient(value);
                    original = right ? value : "";
                    yield right ? null : ORCPT_SYNTAX;
                }
                default -> PARAMETER_UNKNOWN;
            };
        }
    }

    /** The number in 1 to 20 digits (RFC 1870 section 5), as large as a long can be; -1 when there is none. */
    private static long number(String line, int from, int to) {
        if (to <= from || to - from > MAX_SIZE_DIGITS) {
            return -1;
        }
        long n = 0;
        for (int i = from; i < to; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            n = n > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : n * 10 + digit;
        }
        return n;
    }

    private static int body(String value) {
        return value.equalsIgnoreCase("7BIT") ? 0 : value.equalsIgnoreCase("8BITMIME") ? 1 : -1;
    }
}
