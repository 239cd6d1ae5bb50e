package io.sekisho.app.demo;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session of a customer's server (RFC 5321), with PIPELINING, SIZE and 8BITMIME. */
final class CustomerSession {
    private final String hostName;
    private final SmtpStream stream;
    private final Supplier<Weather.Mood> mood;
    private final Map<String, String> refusals;
    private final CustomerServer.Tally tally;
    private final DemoLimits limits;
    private final StringBuilder replies = new StringBuilder();
    private boolean mailGiven;
    private int recipients;

    CustomerSession(
            String hostName,
            Connection connection,
            Supplier<Weather.Mood> mood,
            Map<String, String> refusals,
            CustomerServer.Tally tally,
            DemoLimits limits) {
        this.hostName = hostName;
        this.stream = new SmtpStream(connection, limits.lineOctets());
        this.mood = mood;
        this.refusals = refusals;
        this.tally = tally;
        this.limits = limits;
    }

    /** Talks until either side ends it. @throws IOException when the connection fails */
    void run() throws IOException {
        if (turnedAway()) {
            flush();
            return;
        }
        reply("220 " + hostName + " ESMTP");
        flush();
        while (true) {
            String line = stream.line();
            if (line == null || turnedAway() || !command(line)) {
                flush();
                return;
            }
            if (!stream.more()) {
                flush();
            }
        }
    }

    /** Does what a command asks. @return whether the session goes on */
    private boolean command(String line) throws IOException {
        String upper = line.toUpperCase(Locale.ROOT);
        int blank = upper.indexOf(' ');
        switch (blank < 0 ? upper : upper.substring(0, blank)) {
            case "EHLO" -> {
                reset();
                reply("250-" + hostName);
                reply("250-PIPELINING");
                reply("250-SIZE " + limits.contentOctets());
                reply("250-8BITMIME");
                reply("250 ENHANCEDSTATUSCODES");
            }
            case "HELO" -> {
                reset();
                reply("250 " + hostName);
            }
            case "MAIL" -> mail();
            case "RCPT" -> recipient(line);
            case "DATA" -> {
                return data();
            }
            case "RSET" -> {
                reset();
                reply("250 2.0.0 ok");
            }
            case "NOOP" -> reply("250 2.0.0 ok");
            case "QUIT" -> {
                reply("221 2.0.0 bye");
                return false;
            }
            default -> reply("500 5.5.2 unknown command");
        }
        return true;
    }

    private void mail() {
        if (mood.get() == Weather.Mood.PUTTING_OFF) {
            tally.troubled.increment();
            reply("451 4.3.2 this server is in maintenance, try again later");
            return;
        }
        reset();
        mailGiven = true;
        reply("250 2.1.0 ok");
    }

    private void recipient(String line) {
        String path = path(line);
        if (!mailGiven) {
            reply("503 5.5.1 MAIL first");
        } else if (path == null) {
            reply("501 5.5.4 RCPT TO:<mailbox>");
        } else {
            String refusal = refusals.get(path.toLowerCase(Locale.ROOT));
            if (refusal != null) {
                tally.refused.increment();
                reply(refusal);
            } else {
                recipients++;
                reply("250 2.1.5 ok");
            }
        }
    }

    private boolean data() throws IOException {
        if (recipients == 0) {
            reply("503 5.5.1 no valid recipients");
            return true;
        }
        if (mood.get() == Weather.Mood.DROPPING) {
            tally.troubled.increment();
            replies.setLength(0);
            return false;
        }
        reply("354 go on");
        flush();
        long octets = stream.content();
        if (octets < 0) {
            return false;
        }
        if (octets > limits.contentOctets()) {
            reply("552 5.3.4 too large");
        } else {
            tally.messages.increment();
            tally.recipients.add(recipients);
            tally.octets.add(octets);
            reply("250 2.0.0 taken");
        }
        reset();
        return true;
    }

    private boolean turnedAway() {
        if (mood.get() != Weather.Mood.TURNING_AWAY) {
            return false;
        }
        tally.troubled.increment();
        reply("421 4.3.2 " + hostName + " too busy, closing");
        return true;
    }

    private void reset() {
        mailGiven = false;
        recipients = 0;
    }

    private void reply(String line) {
        replies.append(line).append("\r\n");
    }

    /** Replies to pipelined commands go out together (RFC 2920 section 3.2). */
    private void flush() throws IOException {
        if (!replies.isEmpty()) {
            String text = replies.toString();
            replies.setLength(0);
            stream.write(text);
        }
    }

    private static @Nullable String path(String line) {
        int from = line.indexOf('<');
        int to = line.lastIndexOf('>');
        return from >= 0 && to > from + 1 ? line.substring(from + 1, to) : null;
    }
}
