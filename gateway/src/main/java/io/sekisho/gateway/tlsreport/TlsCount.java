package io.sekisho.gateway.tlsreport;

import io.sekisho.gateway.world.TlsFacts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is counted together: one row of {@code tls_fact} but for its number.
 *
 * @param day in UTC
 * @param policy the policy's strings, one a line, perhaps cut
 * @param mxPatterns the same of an MTA-STS policy's patterns
 * @param address empty when the host was not connected
 */
record TlsCount(
        LocalDate day,
        String policyDomain,
        TlsFacts.Type type,
        String policy,
        String mxPatterns,
        String mxHost,
        String address,
        TlsResult result)
        implements Comparable<TlsCount> {
    /** What a row cannot hold, and what would look like the end of a line. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    private static final Comparator<TlsCount> ORDER = Comparator.comparing(TlsCount::day)
            .thenComparing(TlsCount::policyDomain)
            .thenComparing(TlsCount::type)
            .thenComparing(TlsCount::policy)
            .thenComparing(TlsCount::mxPatterns)
            .thenComparing(TlsCount::mxHost)
            .thenComparing(TlsCount::address)
            .thenComparing(TlsCount::result);

    /** Lines as one text, of at most so many characters. Strangers wrote them. */
    static String lines(List<String> lines, int characters) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            String fit = UNFIT.matcher(line).replaceAll("?");
            if (text.length() + 1 + fit.length() > characters) {
                break;
            }
            text.append(text.isEmpty() ? "" : "\n").append(fit);
        }
        return text.toString();
    }

    /** A digest of the policy, which may be too long for a key. */
    String policyId() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(policy.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            sha256.update(mxPatterns.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The same order on every node, so that two that write at once do not wait for each other in a circle. */
    @Override
    public int compareTo(TlsCount other) {
        return ORDER.compare(this, other);
    }
}
