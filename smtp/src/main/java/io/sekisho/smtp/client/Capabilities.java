package io.sekisho.smtp.client;

import java.util.List;
import java.util.Locale;

/**
 * What a server said that it can do (RFC 5321 section 4.1.1.1).
 *
 * @param pipelining commands may be sent without waiting for replies (RFC 2920)
 * @param size whether SIZE was offered, so that MAIL may declare the size (RFC 1870)
 * @param sizeLimit the largest content that the server takes, in octets; 0 when it named no limit
 * @param eightBitMime whether content with octets above 127 may be sent (RFC 6152)
 * @param startTls whether the session may go over to TLS (RFC 3207)
 * @param chunking whether content may be sent by BDAT (RFC 3030)
 * @param smtpUtf8 whether envelope and header may go beyond ASCII (RFC 6531)
 * @param dsn whether notices may be asked for (RFC 3461)
 * @param limits how much the server takes (RFC 9422)
 */
record Capabilities(
        boolean pipelining,
        boolean size,
        long sizeLimit,
        boolean eightBitMime,
        boolean startTls,
        boolean chunking,
        boolean smtpUtf8,
        boolean dsn,
        Limits limits) {
    /** After HELO: nothing beyond the base protocol. */
    static final Capabilities NONE =
            new Capabilities(false, false, 0, false, false, false, false, false, new Limits(0, 0, 0));

    /**
     * The limits of RFC 9422 section 4; 0 where the server named none.
     *
     * @param mails mail transactions in one session (MAILMAX)
     * @param recipients recipients in one mail transaction (RCPTMAX)
     * @param domains different domains of recipients in one mail transaction (RCPTDOMAINMAX)
     */
    record Limits(int mails, int recipients, int domains) {
        /** Reads the words behind LIMITS. What is unknown or wrong is passed over. */
        static Limits of(String words) {
            int mails = 0;
            int recipients = 0;
            int domains = 0;
            for (String word : words.split(" ")) {
                int equals = word.indexOf('=');
                int value = (int) limit(word.substring(equals + 1), LIMIT_DIGITS);
                switch (word.substring(0, Math.max(0, equals))) {
                    case "MAILMAX" -> mails = value;
                    case "RCPTMAX" -> recipients = value;
                    case "RCPTDOMAINMAX" -> domains = value;
                    default -> {}
                }
            }
            return new Limits(mails, recipients, domains);
        }
    }

    private static final int SIZE_DIGITS = 18;
    private static final int LIMIT_DIGITS = 6;

    /** Reads the lines of the reply to EHLO, the first of which is the server's name. What is unknown is passed over. */
    static Capabilities of(List<String> lines) {
        boolean pipelining = false;
        boolean size = false;
        long sizeLimit = 0;
        boolean eightBitMime = false;
        boolean startTls = false;
        boolean chunking = false;
        boolean smtpUtf8 = false;
        boolean dsn = false;
        Limits limits = NONE.limits();
        for (String line : lines.subList(1, lines.size())) {
            String words = line.strip().toUpperCase(Locale.ROOT);
            int space = words.indexOf(' ');
            String rest = space < 0 ? "" : words.substring(space + 1).strip();
            switch (space < 0 ? words : words.substring(0, space)) {
                case "PIPELINING" -> pipelining = true;
                case "8BITMIME" -> eightBitMime = true;
                case "STARTTLS" -> startTls = true;
                case "CHUNKING" -> chunking = true;
                case "SMTPUTF8" -> smtpUtf8 = true;
                case "DSN" -> dsn = true;
                case "LIMITS" -> limits = Limits.of(rest);
                case "SIZE" -> {
                    size = true;
                    sizeLimit = limit(rest, SIZE_DIGITS);
                }
                default -> {}
            }
        }
        return new Capabilities(pipelining, size, sizeLimit, eightBitMime, startTls, chunking, smtpUtf8, dsn, limits);
    }

    private static long limit(String digits, int most) {
        if (digits.isEmpty() || digits.length() > most || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Long.parseLong(digits);
    }

    /** Whether the server has said that content of this many octets is too large for it. */
    boolean refusesSize(long octets) {
        return sizeLimit > 0 && octets > sizeLimit;
    }
}
