package io.sekisho.gateway.world;

import io.sekisho.mail.dns.DnsRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the two texts of MTA-STS: the record in the DNS (RFC 8461 section 3.1) and the policy (section 3.2). */
final class StsText {
    private static final String VERSION = "v=STSv1";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");
    private static final Pattern RECORD_FIELD = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=([!-:<>-~]+)");
    private static final Pattern POLICY_FIELD = Pattern.compile(
            "([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \\t]*([^\\x00-\\x20\\x7f](?:[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?)");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");
    private static final Pattern LINE_END = Pattern.compile("\r?\n");

    /** What reading a policy came to. */
    sealed interface Read {
        /** It is a policy. */
        record Policy(StsPolicy policy) implements Read {}

        /** It is none. @param reason what is wrong */
        record Invalid(String reason) implements Read {}
    }

    private StsText() {}

    /** The id of the policy that the records of {@code _mta-sts} announce; null when they announce none. */
    static @Nullable String id(List<DnsRecord.Txt> records) {
        List<String> announcements = records.stream()
                .map(DnsRecord.Txt::joined)
                .filter(text -> text.equals(VERSION) || text.matches(VERSION + "[ \\t]*;.*"))
                .toList();
        // several are as good as none (RFC 8461 section 3.1)
        return announcements.size() == 1 ? idIn(announcements.getFirst()) : null;
    }

    private static @Nullable String idIn(String text) {
        String[] fields = text.split(";", -1);
        String id = null;
        for (int i = 1; i < fields.length; i++) {
            String field = fields[i].strip();
            if (field.isEmpty() && i == fields.length - 1) {
                break;
            }
            var parts = RECORD_FIELD.matcher(field);
            if (!parts.matches()) {
                return null;
            }
            if (id == null && parts.group(1).equals("id")) {
                id = parts.group(2);
            }
        }
        return id != null && ID.matcher(id).matches() ? id : null;
    }

    /**
     * Reads a policy. Unknown fields are passed over, and so are second ones of those that come once; empty lines are allowed at
     * the end only.
     *
     * @param longestAge a longer {@code max_age} is taken as this one, because to drop the policy would protect less
     */
    static Read policy(String text, Duration longestAge) {
        List<String> lines = new ArrayList<>(List.of(LINE_END.split(text)));
        Map<String, String> once = new HashMap<>();
        List<MxPattern> mx = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).stripTrailing();
            lines.set(i, line);
            var field = POLICY_FIELD.matcher(line);
            if (!field.matches()) {
                return new Read.Invalid("line " + (i + 1) + " is no field");
            }
            String value = field.group(2);
            if (!field.group(1).equals("mx")) {
                once.putIfAbsent(field.group(1), value);
                continue;
            }
            MxPattern pattern = MxPattern.parse(value);
            if (pattern == null) {
                return new Read.Invalid("line " + (i + 1) + " has no host name or pattern");
            }
            mx.add(pattern);
        }
        return checked(once, mx, lines, longestAge);
    }

    private static Read checked(Map<String, String> once, List<MxPattern> mx, List<String> lines, Duration longestAge) {
        if (!"STSv1".equals(once.get("version"))) {
            return new Read.Invalid("the version is not STSv1");
        }
        StsPolicy.Mode mode = switch (once.getOrDefault("mode", "")) {
            case "enforce" -> StsPolicy.Mode.ENFORCE;
            case "testing" -> StsPolicy.Mode.TESTING;
            case "none" -> StsPolicy.Mode.NONE;
            default -> null;
        };
        String age = once.getOrDefault("max_age", "");
        if (mode == null) {
            return new Read.Invalid("the mode is missing or unknown");
        }
        if (!SECONDS.matcher(age).matches()) {
            return new Read.Invalid("max_age is missing or no number");
        }
        if (mx.isEmpty() && mode != StsPolicy.Mode.NONE) {
            return new Read.Invalid("no mx is named");
        }
        Duration said = Duration.ofSeconds(Long.parseLong(age));
        Duration maxAge = said.compareTo(longestAge) < 0 ? said : longestAge;
        return new Read.Policy(new StsPolicy(mode, maxAge, mx, lines));
    }
}
