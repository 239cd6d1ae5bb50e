package io.sekisho.smtp.server;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.PathParser;
import io.sekisho.smtp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Understands command lines (RFC 5321 section 4.1). Without state, and in time linear in the line. */
final class CommandParser {
    private static final Reply LINE_ENDS =
            Reply.of(500, "5.5.2", "a line ends with CR LF; a bare CR or LF is not allowed");
    private static final Reply CONTROLS = Reply.of(500, "5.5.2", "control characters are not allowed in a command");
    private static final Reply NOT_ASCII = Reply.of(500, "5.5.2", "a command is ASCII");
    private static final Reply NOT_ASCII_PATH =
            Reply.of(553, "5.6.7", "an address beyond ASCII needs SMTPUTF8, which is not offered here");
    private static final Reply UNKNOWN = Reply.of(500, "5.5.2", "no such command");
    private static final Reply NO_ARGUMENT = Reply.of(501, "5.5.4", "this command takes no argument");
    private static final Reply HELLO = Reply.of(501, "5.5.4", "say EHLO and your host name");
    private static final Reply MAIL_FORM = Reply.of(501, "5.5.4", "the form is MAIL FROM:<address>");
    private static final Reply RCPT_FORM = Reply.of(501, "5.5.4", "the form is RCPT TO:<address>");
    private static final Reply BAD_SENDER = Reply.of(501, "5.1.7", "the sender's address is malformed");
    private static final Reply BAD_RECIPIENT = Reply.of(501, "5.1.3", "the recipient's address is malformed");
    private static final Reply BAD_SIZE = Reply.of(501, "5.5.4", "SIZE takes a number of octets");
    private static final Reply BAD_BODY = Reply.of(501, "5.5.4", "BODY is 7BIT or 8BITMIME");
    private static final Reply PARAMETER = Reply.of(555, "5.5.4", "this parameter is not known here");
    private static final Reply DISABLED = Reply.of(502, "5.5.1", "this command is not offered here");
    private static final Set<String> OTHERS = Set.of("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE");
    private static final int MAX_HELO = 255;

    private final String hostName;

    /** @param hostName the domain of a postmaster without one */
    CommandParser(String hostName) {
        this.hostName = hostName;
    }

    /** Understands the line, given without its CR LF. */
    Command parse(byte[] octets, int from, int length) {
        Reply wrong = octets(octets, from, length);
        if (wrong != null) {
            return length > 0 && octets[from] == 0x16 ? new Command.OtherProtocol() : new Command.Wrong(wrong);
        }
        String line = new String(octets, from, length, StandardCharsets.ISO_8859_1);
        int blank = line.indexOf(' ');
        String verb = (blank < 0 ? line : line.substring(0, blank)).toUpperCase(Locale.ROOT);
        String rest = blank < 0 ? "" : line.substring(blank + 1);
        return switch (verb) {
            case "EHLO" -> hello(true, rest);
            case "HELO" -> hello(false, rest);
            case "MAIL" -> mail(rest);
            case "RCPT" -> rcpt(rest);
            case "DATA" -> alone(rest, new Command.Data());
            case "RSET" -> alone(rest, new Command.Rset());
            case "NOOP" -> new Command.Noop();
            case "VRFY" ->
                rest.isBlank() ? new Command.Wrong(Reply.of(501, "5.5.4", "VRFY whom?")) : new Command.Vrfy();
            case "HELP" -> new Command.Help();
            case "QUIT" -> alone(rest, new Command.Quit());
            case "EXPN", "TURN", "ETRN", "STARTTLS", "AUTH", "BDAT" -> new Command.Wrong(DISABLED);
            default -> OTHERS.contains(verb) ? new Command.OtherProtocol() : new Command.Wrong(UNKNOWN);
        };
    }

    private static @Nullable Reply octets(byte[] octets, int from, int length) {
        boolean ascii = true;
        for (int i = from; i < from + length; i++) {
            byte b = octets[i];
            if (b == '\r' || b == '\n') {
                return LINE_ENDS;
            }
            if (b >= 0 && b < 32 && b != '\t' || b == 127) {
                return CONTROLS;
            }
            ascii &= b >= 0;
        }
        if (ascii) {
            return null;
        }
        boolean path = length > 4 && (octets[from] | 32) == 'm' || length > 4 && (octets[from] | 32) == 'r';
        return path ? NOT_ASCII_PATH : NOT_ASCII;
    }

    private static Command alone(String rest, Command command) {
        return rest.isBlank() ? command : new Command.Wrong(NO_ARGUMENT);
    }

    private static Command hello(boolean extended, String rest) {
        String argument = rest.strip();
        return argument.isEmpty() || argument.length() > MAX_HELO || argument.indexOf('\t') >= 0
                ? new Command.Wrong(HELLO)
                : new Command.Greet(extended, argument);
    }

    /** Where the path begins after {@code FROM:} or {@code TO:}; blanks before it are forgiven. -1 when the word is missing. */
    private static int afterWord(String rest, String word) {
        if (!rest.regionMatches(true, 0, word, 0, word.length())) {
            return -1;
        }
        int at = word.length();
        while (at < rest.length() && rest.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private Command mail(String rest) {
        int at = afterWord(rest, "FROM:");
        if (at < 0) {
            return new Command.Wrong(MAIL_FORM);
        }
        PathParser path = new PathParser(rest, at, hostName);
        if (!path.parse()) {
            return new Command.Wrong(BAD_SENDER);
        }
        Mailbox mailbox = path.mailbox();
        ReversePath reversePath = mailbox == null ? new ReversePath.Null() : new ReversePath.Of(mailbox);
        String parameters = rest.substring(path.end());
        return parameters.isBlank()
                ? new Command.Mail(reversePath, new MailParameters(0, false))
                : parameters(reversePath, parameters);
    }

    private static Command parameters(ReversePath reversePath, String text) {
        if (text.charAt(0) != ' ') {
            return new Command.Wrong(BAD_SENDER);
        }
        long size = 0;
        boolean eightBit = false;
        for (String parameter : text.strip().split(" +", -1)) {
            String upper = parameter.toUpperCase(Locale.ROOT);
            if (upper.startsWith("SIZE=")) {
                size = number(upper.substring(5));
                if (size < 0) {
                    return new Command.Wrong(BAD_SIZE);
                }
            } else if (upper.startsWith("BODY=")) {
                eightBit = upper.equals("BODY=8BITMIME");
                if (!eightBit && !upper.equals("BODY=7BIT")) {
                    return new Command.Wrong(BAD_BODY);
                }
            } else {
                return new Command.Wrong(PARAMETER);
            }
        }
        return new Command.Mail(reversePath, new MailParameters(size, eightBit));
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        long n = 0;
        for (int i = 0; i < digits.length(); i++) {
            int d = digits.charAt(i) - '0';
            if (d < 0 || d > 9) {
                return -1;
            }
            n = n * 10 + d;
        }
        return n;
    }

    private Command rcpt(String rest) {
        int at = afterWord(rest, "TO:");
        if (at < 0) {
            return new Command.Wrong(RCPT_FORM);
        }
        PathParser path = new PathParser(rest, at, hostName);
        Mailbox mailbox = path.parse() ? path.mailbox() : null;
        if (mailbox == null) {
            return new Command.Wrong(BAD_RECIPIENT);
        }
        return rest.substring(path.end()).isBlank() ? new Command.Rcpt(mailbox) : new Command.Wrong(PARAMETER);
    }
}
